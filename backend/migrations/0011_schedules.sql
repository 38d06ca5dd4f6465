-- When jobs begin by themselves, and what became of each time.
-- engine: schedule, schedule_run

-- The program's own schedules belong to tenant 0 and user 0. next_run_at is the slot that is due next; the row is locked
-- while that is decided, and only then moves on.
CREATE TABLE schedule (
    id bigint PRIMARY KEY NOT NULL,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    name text NOT NULL,
    job_type text NOT NULL,
    cron text NOT NULL,
    time_zone text NOT NULL,
    payload jsonb NOT NULL,
    enabled boolean NOT NULL,
    missed text NOT NULL CHECK (missed IN ('skip', 'once', 'backfill')),
    overlap text NOT NULL CHECK (overlap IN ('allow', 'skip', 'queue_one', 'cancel_old')),
    last_run_at timestamptz,
    next_run_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (tenant_id, user_id, name),
    CHECK (enabled = (next_run_at IS NOT NULL))
);
CREATE INDEX schedule_due ON schedule (next_run_at) WHERE enabled;

-- One row per slot that was decided, so that no slot is fired twice. A missed row may stand for several in a row.
CREATE TABLE schedule_run (
    schedule_id bigint NOT NULL,
    slot timestamptz NOT NULL,
    tenant_id bigint NOT NULL,
    decided_at timestamptz NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('fired', 'skipped', 'missed', 'refused')),
    slots bigint NOT NULL,
    by_hand boolean NOT NULL,
    reason text,
    job_id uuid,
    PRIMARY KEY (schedule_id, slot),
    CHECK ((outcome = 'fired') = (job_id IS NOT NULL))
);
