-- By what the program knows its keys again; no key can be made of it. The owner alone writes it.
CREATE TABLE key_fingerprint (
    name text PRIMARY KEY NOT NULL,
    fingerprint text NOT NULL
);
