-- What operators did, from where, and to what of which tenant. Appended in the transaction of the act.
-- engine: operator_act
-- append-only: operator_act
CREATE TABLE operator_act (
    id uuid PRIMARY KEY NOT NULL,
    operator_id bigint NOT NULL,
    act text NOT NULL,
    tenant_id bigint NOT NULL,
    subject text NOT NULL,
    address text NOT NULL,
    user_agent text NOT NULL,
    correlation_id uuid NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX operator_act_tenant ON operator_act (tenant_id, id);
