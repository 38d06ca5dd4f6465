-- Since when a limit holds for what begins: what ran before may be more.
ALTER TABLE tenant_share ADD COLUMN limited_from timestamptz;
