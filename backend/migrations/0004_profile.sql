-- What a person declares about themselves. One row of profile_basics per user: the head of the profile, the fields of
-- the whole document, and the version of all of it. Whoever changes a part of the profile raises it, and so takes turns.
CREATE TABLE profile_basics (
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    data jsonb NOT NULL,
    extra jsonb NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);

-- Positions, projects, education and the like; `section` says which.
CREATE TABLE profile_item (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    section text NOT NULL,
    position bigint NOT NULL,
    data jsonb NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX profile_item_order ON profile_item (tenant_id, user_id, section, position);
