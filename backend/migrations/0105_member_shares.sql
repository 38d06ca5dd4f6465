-- How many percent of what limits the tenant a member may have for themselves.
ALTER TABLE membership ADD COLUMN share_percent integer NOT NULL DEFAULT 100 CHECK (share_percent BETWEEN 1 AND 100);
