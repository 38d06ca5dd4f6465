-- Generated reports and résumés. A chain holds the versions of one report: the same kind and window, made again.
-- `number` counts within the chain, `version` counts the changes of one row. window_from and window_to are null for
-- what covers everything.
CREATE TABLE report (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    kind text NOT NULL,
    window_from date,
    window_to date,
    title text NOT NULL,
    own_title boolean NOT NULL,
    content jsonb NOT NULL,
    theme text NOT NULL,
    status text NOT NULL,
    generator text NOT NULL,
    chain_id bigint NOT NULL,
    number bigint NOT NULL,
    supersedes bigint,
    superseded boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);
CREATE INDEX report_newest ON report (tenant_id, user_id, created_at DESC, id DESC) WHERE deleted_at IS NULL AND NOT superseded;
CREATE INDEX report_kind ON report (tenant_id, user_id, kind, created_at DESC, id DESC) WHERE deleted_at IS NULL AND NOT superseded;
CREATE UNIQUE INDEX report_chain ON report (tenant_id, chain_id, number);
