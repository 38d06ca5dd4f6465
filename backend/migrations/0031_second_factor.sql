-- users: totp by membership

-- One-time passwords by time (RFC 6238) and what stands in for them. The secret is sealed; last_step is the newest step that
-- was used; recovery_hashes are those of codes that were not.
CREATE TABLE totp (
    id bigint PRIMARY KEY REFERENCES app_user (id),
    secret bytea NOT NULL,
    last_step bigint NOT NULL,
    recovery_hashes jsonb NOT NULL,
    confirmed_at timestamptz,
    created_at timestamptz NOT NULL
);
