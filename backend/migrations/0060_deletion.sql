-- What shall go for good, and from when on: a tenant (user_id 0), or what one person has in it. The row goes last, so that
-- whoever is killed in the middle goes on.
-- engine: erasure
CREATE TABLE erasure (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    due_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (tenant_id, user_id)
);
CREATE INDEX erasure_due ON erasure (due_at, id);

-- When a tenant that is to be deleted goes for good. Until then everybody reads it and nobody writes.
ALTER TABLE tenant ADD COLUMN purge_at timestamptz;

CREATE INDEX session_last_tenant ON session (last_tenant_id);
