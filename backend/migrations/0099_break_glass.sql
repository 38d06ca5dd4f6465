-- Which operator may see what is in the jobs of which tenant, until when and why.
-- engine: break_glass
CREATE TABLE break_glass (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    operator_id bigint NOT NULL,
    reason text NOT NULL,
    opened_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- Whenever that was: one that ran out is ended when its operator opens the next.
    ended_at timestamptz,
    ended_by bigint
);
CREATE UNIQUE INDEX break_glass_open ON break_glass (tenant_id, operator_id) WHERE ended_at IS NULL;
