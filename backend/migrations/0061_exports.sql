-- Copies of what people wrote in a tenant, for its owners. One that is not finished cannot be had.
CREATE TABLE tenant_export (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    bytes bigint NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    expires_at timestamptz NOT NULL
);
CREATE INDEX tenant_export_of_tenant ON tenant_export (tenant_id, id);

-- Its pieces, sealed.
CREATE TABLE tenant_export_chunk (
    export_id bigint NOT NULL,
    number bigint NOT NULL,
    tenant_id bigint NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (export_id, number)
);
CREATE INDEX tenant_export_chunk_of_tenant ON tenant_export_chunk (tenant_id);
