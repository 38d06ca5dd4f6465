-- The order within a tenant: by priority, of which each step is made up for by five minutes of waiting.
CREATE INDEX job_hot_ready ON job_hot (queue, tenant_id, run_at + priority * 300000, id) WHERE state = 'ready';
