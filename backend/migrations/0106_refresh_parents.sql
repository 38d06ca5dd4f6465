-- The token whose place one took; NULL in the first of a family. Ids tell nothing of the order: each process takes them
-- from a block of its own. Unique: no token has two successors.
ALTER TABLE refresh_token ADD COLUMN parent_id bigint;
CREATE UNIQUE INDEX refresh_token_parent ON refresh_token (parent_id);
-- Few: a successor is kept until its own rotation or the next clean-up.
CREATE INDEX refresh_token_successor ON refresh_token (rotated_at) WHERE successor IS NOT NULL;
