-- The mail to who is invited holds a code of its own, so that whoever redeems that has proven the address.
ALTER TABLE invitation ADD COLUMN mailed_hash bytea;
CREATE UNIQUE INDEX invitation_mailed ON invitation (mailed_hash);
