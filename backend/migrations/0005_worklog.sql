-- What people wrote down. extracted_version is the version whose skills are known; an entry with another one is pending.
CREATE TABLE worklog (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    occurred_on date NOT NULL,
    title text,
    content text NOT NULL,
    outcome text,
    project text,
    position_id bigint,
    tags jsonb NOT NULL,
    duration_minutes bigint,
    visibility text NOT NULL,
    source text NOT NULL,
    external_id text,
    analysis jsonb,
    skills jsonb NOT NULL,
    version bigint NOT NULL,
    extracted_version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);
CREATE INDEX worklog_newest ON worklog (tenant_id, user_id, occurred_on DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX worklog_shared ON worklog (tenant_id, occurred_on DESC, id DESC) WHERE deleted_at IS NULL AND visibility = 'tenant';
CREATE INDEX worklog_pending ON worklog (tenant_id, user_id, id) WHERE extracted_version <> version;
CREATE UNIQUE INDEX worklog_external ON worklog (tenant_id, user_id, source, external_id) WHERE external_id IS NOT NULL;

-- Earlier versions of edited entries.
CREATE TABLE worklog_history (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    worklog_id bigint NOT NULL REFERENCES worklog (id),
    version bigint NOT NULL,
    entry jsonb NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX worklog_history_entry ON worklog_history (tenant_id, worklog_id, version);
