-- What one installation knows about itself, such as the fingerprint of its keys.
CREATE TABLE instance (
    name text PRIMARY KEY NOT NULL,
    value text NOT NULL
);
