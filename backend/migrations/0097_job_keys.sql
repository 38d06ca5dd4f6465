-- Whose the key of a unique job is for a period, from when the job was asked for: so that it keeps others away when it has
-- ended, and when its week was dropped. One row per key, which each new job takes over.
-- engine: job_key
CREATE TABLE job_key (
    tenant_id bigint NOT NULL,
    type text NOT NULL,
    unique_key text NOT NULL,
    -- Who asked for the job.
    user_id bigint NOT NULL,
    job_id uuid NOT NULL,
    until timestamptz NOT NULL,
    -- The outcomes with which it keeps others away; one that has not ended always does.
    counted jsonb NOT NULL,
    PRIMARY KEY (tenant_id, type, unique_key)
);
CREATE INDEX job_key_until ON job_key (until);
