-- A person's skills. merged_into leads to the skill that stands for it; touched ones survive every recompute.
CREATE TABLE skill (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    category text NOT NULL,
    aliases jsonb NOT NULL,
    known boolean NOT NULL,
    touched boolean NOT NULL,
    hidden boolean NOT NULL,
    pinned boolean NOT NULL,
    merged_into bigint REFERENCES skill (id),
    level bigint NOT NULL,
    why jsonb NOT NULL,
    first_seen date,
    last_seen date,
    evidence_count bigint NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (tenant_id, user_id, slug)
);

-- The passage that shows a skill: UTF-8 byte offsets into a field of an entry, and the words there.
CREATE TABLE skill_evidence (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    skill_id bigint NOT NULL REFERENCES skill (id),
    entry_id bigint NOT NULL,
    field text NOT NULL,
    start_at bigint NOT NULL,
    end_at bigint NOT NULL,
    quote text NOT NULL,
    confidence double precision NOT NULL,
    method text NOT NULL,
    outcome boolean NOT NULL,
    occurred_on date NOT NULL
);
CREATE INDEX skill_evidence_skill ON skill_evidence (tenant_id, skill_id, occurred_on DESC, id DESC);
CREATE INDEX skill_evidence_entry ON skill_evidence (tenant_id, entry_id);
