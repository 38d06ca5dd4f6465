-- What tenants may have, where that is limited at all: by a plan, by figures of their own, or both.
-- engine: tenant_limits
CREATE TABLE tenant_limits (
    tenant_id bigint PRIMARY KEY NOT NULL,
    plan text,
    own jsonb NOT NULL,
    set_by bigint NOT NULL,
    set_at timestamptz NOT NULL
);

-- What was used up of what there is so much of a day (UTC). The row is where those who take take turns; it is kept for
-- tenants with a limit alone.
CREATE TABLE quota_use (
    tenant_id bigint NOT NULL,
    quota text NOT NULL,
    day date NOT NULL,
    used bigint NOT NULL,
    PRIMARY KEY (tenant_id, quota, day)
);
