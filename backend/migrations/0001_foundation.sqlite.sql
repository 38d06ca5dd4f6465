-- One sequence of ids for all tables. It is handed out in blocks: `next` is the first that nobody was given.
CREATE TABLE id_block (next INTEGER NOT NULL CHECK (next > 0)) STRICT;
INSERT INTO id_block (next) VALUES (1000);
