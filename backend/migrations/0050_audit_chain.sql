-- engine: auth_event, audit_pending, audit_seal, audit_sealer
-- append-only: audit_seal

-- What was recorded and is not sealed yet. The database notes it by itself, in the transaction of the record.
CREATE TABLE audit_pending (
    tenant_id bigint NOT NULL,
    event_id bigint UNIQUE,
    act_id uuid UNIQUE
);

-- The chain of a tenant's records, and under 0 that of the operators' acts: each seal holds the hash of the one before it.
CREATE TABLE audit_seal (
    tenant_id bigint NOT NULL,
    place bigint NOT NULL,
    event_id bigint UNIQUE,
    act_id uuid UNIQUE,
    payload_hash bytea NOT NULL,
    record_hash bytea NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, place)
);

-- Whoever holds its one row seals.
CREATE TABLE audit_sealer (
    id bigint PRIMARY KEY
);
INSERT INTO audit_sealer (id) VALUES (1);

-- The owner may empty address, user_agent and data or subject of an old record; its seal keeps their hash.
ALTER TABLE auth_event ADD COLUMN purged_at timestamptz;
ALTER TABLE operator_act ADD COLUMN purged_at timestamptz;

INSERT INTO audit_pending (tenant_id, event_id) SELECT tenant_id, id FROM auth_event;
INSERT INTO audit_pending (tenant_id, act_id) SELECT 0, id FROM operator_act;
