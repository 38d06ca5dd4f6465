-- What happened outside of jobs; what happens inside of one is in job_event.
CREATE TABLE system_event (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    name text NOT NULL,
    correlation_id uuid NOT NULL,
    data jsonb NOT NULL,
    created_at timestamptz NOT NULL
);
