-- The hot table turns over completely all the time; finished jobs are rewritten once, beside themselves.
ALTER TABLE job_hot SET (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);
-- Updated at every claim and every end of a job; no index holds what changes then, so that the old versions stay on the page.
ALTER TABLE tenant_queue SET (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- The order within a tenant: by priority, of which each step is made up for by five minutes of waiting.
CREATE INDEX job_hot_ready ON job_hot (
    queue, tenant_id, (run_at - timestamptz '2000-01-01 00:00:00+00' + priority * interval '5 minutes'), id
) WHERE state = 'ready';

-- What no week was made for. The weeks are made ahead by engine/jobs/partitions.h, and dropped when all in them is past its
-- time.
CREATE TABLE job_default PARTITION OF job DEFAULT WITH (fillfactor = 50);
CREATE TABLE job_event_default PARTITION OF job_event DEFAULT;
CREATE TABLE job_step_default PARTITION OF job_step DEFAULT;
