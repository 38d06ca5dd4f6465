-- What people let others read by a link. The token itself is kept nowhere.
CREATE TABLE share_link (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL REFERENCES app_user (id),
    name text,
    -- The version it was made of. Pinned: it stays with that one; else it leads to the latest of the chain.
    report_id bigint NOT NULL,
    pinned boolean NOT NULL,
    contacts text NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    password_hash text,
    most_views bigint,
    views bigint NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX share_link_of_user ON share_link (tenant_id, user_id, id);
CREATE INDEX share_link_expiry ON share_link (tenant_id, expires_at);

-- When a link was followed, and nothing of by whom.
CREATE TABLE share_view (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    share_id bigint NOT NULL,
    viewed_at timestamptz NOT NULL
);
CREATE INDEX share_view_newest ON share_view (tenant_id, share_id, id);
CREATE INDEX share_view_age ON share_view (tenant_id, viewed_at);
