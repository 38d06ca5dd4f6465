-- A row changes with every claim and every end of a job. Where an old transaction keeps its versions from being removed,
-- all of them would be walked over to find the living one; looked up by the number that each change raises, the greatest
-- first, it is the first.
ALTER TABLE tenant_queue ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE tenant_queue DROP CONSTRAINT tenant_queue_pkey;
ALTER TABLE tenant_queue ADD PRIMARY KEY (queue, tenant_id, version);
ALTER TABLE tenant_queue RESET (fillfactor);

-- A worker that knows how far it has come begins there, in each priority; what it took before lies behind it, dead or not.
DROP INDEX job_hot_ready;
CREATE INDEX job_hot_ready ON job_hot (queue, tenant_id, priority, run_at, id) WHERE state = 'ready';
