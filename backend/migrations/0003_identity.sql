-- append-only: auth_event

-- Users belong to no tenant; everything else does. A tenant's own row carries its id as tenant_id, so that the fence
-- of every tenant table holds for it too.
CREATE TABLE app_user (
    id bigint PRIMARY KEY,
    email text NOT NULL,
    email_folded text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    display_name text NOT NULL,
    time_zone text NOT NULL,
    locale text NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    last_login_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE tenant (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL CHECK (tenant_id = id),
    name text NOT NULL,
    slug text NOT NULL UNIQUE,
    plan text NOT NULL,
    status text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE membership (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES tenant (id),
    user_id bigint NOT NULL REFERENCES app_user (id),
    role text NOT NULL,
    status text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (tenant_id, user_id)
);
CREATE INDEX membership_user ON membership (user_id);

-- A signed-in device: the family of its refresh tokens.
CREATE TABLE session (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL REFERENCES app_user (id),
    version bigint NOT NULL,
    user_agent text NOT NULL,
    address text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX session_of_user ON session (tenant_id, user_id);

-- successor is the next token, sealed under a key derived from this one, until the grace for lost answers ends.
CREATE TABLE refresh_token (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    session_id bigint NOT NULL REFERENCES session (id),
    token_hash bytea NOT NULL UNIQUE,
    agent_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    rotated_at timestamptz,
    successor bytea
);
CREATE INDEX refresh_token_session ON refresh_token (session_id);

-- A single-use code that lets its holder join the tenant in a role.
CREATE TABLE invitation (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    code_hash bytea NOT NULL UNIQUE,
    email_folded text,
    role text NOT NULL,
    maker_id bigint,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    redeemed_at timestamptz,
    redeemer_id bigint
);

-- Who did what, from where, and how it ended. Appended in the transaction of what it tells.
CREATE TABLE auth_event (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint,
    name text NOT NULL,
    outcome text NOT NULL,
    address text NOT NULL,
    user_agent text NOT NULL,
    correlation_id uuid NOT NULL,
    data jsonb NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX auth_event_tenant ON auth_event (tenant_id, id);

-- Answers to keyed POSTs, kept for a day in the transaction of what they answer.
CREATE TABLE idempotency_key (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    route text NOT NULL,
    idempotency_key text NOT NULL,
    request_hash bytea NOT NULL,
    status bigint NOT NULL,
    answer bytea NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (tenant_id, user_id, route, idempotency_key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
