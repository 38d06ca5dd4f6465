-- What programs act for a person with, in one tenant, within some permissions, until a day. Void once there is a new password.
CREATE TABLE personal_token (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL REFERENCES app_user (id),
    name text NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    scopes jsonb NOT NULL,
    sign_in_epoch bigint NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX personal_token_of_user ON personal_token (tenant_id, user_id, id);
CREATE INDEX personal_token_expiry ON personal_token (tenant_id, expires_at);
