-- What operators switch while the program runs, for one tenant or (tenant 0) for all.
-- engine: feature_flag
CREATE TABLE feature_flag (
    name text NOT NULL,
    tenant_id bigint NOT NULL,
    is_on boolean NOT NULL,
    set_by bigint NOT NULL,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (name, tenant_id)
);
