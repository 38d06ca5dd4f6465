-- engine: guess

-- Everything that a person is signed in by belongs to an epoch: a new password begins another, in all tenants at once.
ALTER TABLE app_user ADD COLUMN sign_in_epoch bigint NOT NULL DEFAULT 0;
ALTER TABLE app_user ADD COLUMN email_verified_at timestamptz;
ALTER TABLE session ADD COLUMN sign_in_epoch bigint NOT NULL DEFAULT 0;

-- Codes that stand for a person for a while: each can be used once, for what it is for, within its epoch.
CREATE TABLE one_time_code (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL REFERENCES app_user (id),
    purpose text NOT NULL,
    code_hash bytea NOT NULL UNIQUE,
    sign_in_epoch bigint NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX one_time_code_of_user ON one_time_code (user_id, purpose);
CREATE INDEX one_time_code_expiry ON one_time_code (tenant_id, expires_at);

-- How often something was tried lately, by the hash of what it is: an address that nobody has is counted like any other.
CREATE TABLE guess (
    subject bytea PRIMARY KEY,
    since timestamptz NOT NULL,
    attempts bigint NOT NULL
);
CREATE INDEX guess_age ON guess (since);
