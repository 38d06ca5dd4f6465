-- Jobs, their live state, what waits for what, their events and checkpoints, the queues and who has a share of them, and
-- the worker processes.
-- engine: job, job_hot, job_edge, job_unresolved, job_event, job_step, job_queue, tenant_queue, worker

-- One row per job: what was asked for, and how it ended. `status` is NULL until then. Ids sort by time, so that a week of
-- jobs with their events and steps is one range, which goes as a whole once its time is over. Hence no foreign keys.
CREATE TABLE job (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    type text NOT NULL,
    queue text NOT NULL,
    priority integer NOT NULL,
    triggered_by text NOT NULL,
    payload jsonb NOT NULL,
    parent_id uuid,
    root_id uuid,
    trace_id uuid NOT NULL,
    correlation_id uuid NOT NULL,
    -- The call that asked for it and others.
    batch_id uuid,
    max_attempts integer NOT NULL,
    deadline timestamptz,
    created_at timestamptz NOT NULL,
    status text CHECK (status IN ('success', 'failed', 'cancelled')),
    generation integer NOT NULL,
    lease_seq bigint NOT NULL,
    attempts integer NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    result jsonb,
    error jsonb,
    cost bigint NOT NULL
) PARTITION BY RANGE (id);
CREATE INDEX job_of_user ON job (tenant_id, user_id, id);
CREATE INDEX job_of_parent ON job (parent_id, id) WHERE parent_id IS NOT NULL;

-- Exactly one row per unfinished job. All locks and fences are here; payloads, progress and heartbeats are not.
CREATE TABLE job_hot (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id bigint NOT NULL,
    type text NOT NULL,
    queue text NOT NULL,
    priority integer NOT NULL,
    state text NOT NULL CHECK (state IN ('blocked', 'scheduled', 'ready', 'running', 'waiting')),
    -- Not before; of a job that waits, the time after which it waits no longer.
    run_at timestamptz NOT NULL,
    -- Edges to it that are not met: what a blocked or waiting job still waits for.
    unmet integer NOT NULL DEFAULT 0,
    -- What makes the job unique while it holds it; a type that is unique while queued lets go of it when it begins.
    unique_key text,
    key_held_while_running boolean NOT NULL,
    -- A debounced job is not pushed past this.
    latest_at timestamptz,
    deadline timestamptz,
    worker_id uuid,
    -- Rises whenever a worker gets or loses the job, and never falls, over all generations.
    lease_seq bigint NOT NULL,
    generation integer NOT NULL,
    attempts integer NOT NULL,
    rescues integer NOT NULL,
    -- The number of the last event while the job is not running.
    event_seq bigint NOT NULL,
    started_at timestamptz,
    cancel_requested boolean NOT NULL
);
CREATE INDEX job_hot_scheduled ON job_hot (run_at) WHERE state IN ('scheduled', 'waiting');
CREATE INDEX job_hot_running ON job_hot (worker_id) WHERE state = 'running';
CREATE INDEX job_hot_deadline ON job_hot (deadline) WHERE deadline IS NOT NULL;
CREATE UNIQUE INDEX job_hot_unique ON job_hot (tenant_id, type, unique_key) WHERE unique_key IS NOT NULL;

-- A child waits for its parent to end: before it begins, or (`resume`) in the middle of its run for a job that it made
-- itself. An edge is met once.
CREATE TABLE job_edge (
    parent_id uuid NOT NULL,
    child_id uuid NOT NULL,
    tenant_id bigint NOT NULL,
    on_failure text NOT NULL CHECK (on_failure IN ('fail', 'cancel', 'run', 'resume')),
    met boolean NOT NULL,
    PRIMARY KEY (parent_id, child_id)
);
CREATE INDEX job_edge_child ON job_edge (child_id);
CREATE INDEX job_edge_unmet ON job_edge (parent_id) WHERE NOT met;

-- What jobs left to be done when there was too much for their own transaction: ended ones whose children have not all
-- been told, cancelled ones whose descendants have not all been stopped.
CREATE TABLE job_unresolved (
    job_id uuid NOT NULL,
    task text NOT NULL CHECK (task IN ('tell_children', 'cancel_descendants')),
    tenant_id bigint NOT NULL,
    PRIMARY KEY (task, job_id)
);

CREATE TABLE job_event (
    job_id uuid NOT NULL,
    seq bigint NOT NULL,
    tenant_id bigint NOT NULL,
    at timestamptz NOT NULL,
    level text NOT NULL,
    source text NOT NULL,
    message text NOT NULL,
    data jsonb NOT NULL,
    progress integer,
    PRIMARY KEY (job_id, seq)
) PARTITION BY RANGE (job_id);

-- Checkpoints, written once: what a step gave for an input. What a job waits for has the input ''.
CREATE TABLE job_step (
    job_id uuid NOT NULL,
    generation integer NOT NULL,
    name text NOT NULL,
    tenant_id bigint NOT NULL,
    input_hash text NOT NULL,
    output jsonb NOT NULL,
    attempt integer NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    cost bigint NOT NULL,
    PRIMARY KEY (job_id, generation, name, input_hash)
) PARTITION BY RANGE (job_id);

-- The queues there are. A paused one is not claimed from.
CREATE TABLE job_queue (
    name text PRIMARY KEY NOT NULL,
    paused boolean NOT NULL
);
INSERT INTO job_queue (name, paused) VALUES
    ('interactive', FALSE), ('ai', FALSE), ('documents', FALSE), ('delivery', FALSE), ('maintenance', FALSE);

-- A tenant's share of a queue. Rows are locked in the order of the key or passed by; who enqueues touches none.
CREATE TABLE tenant_queue (
    queue text NOT NULL,
    tenant_id bigint NOT NULL,
    weight integer NOT NULL CHECK (weight > 0),
    -- No more jobs of the tenant run in this queue; NULL is no limit.
    max_running integer CHECK (max_running >= 0),
    running integer NOT NULL CHECK (running >= 0),
    -- What was begun for the tenant, by the effort of the jobs over its weight: the least is served next.
    vtime double precision NOT NULL,
    paused boolean NOT NULL,
    -- Whether claims look here. A sweep sets it, a claim that takes the last job clears it.
    ready_hint boolean NOT NULL,
    PRIMARY KEY (queue, tenant_id)
);
CREATE INDEX tenant_queue_active ON tenant_queue (queue) WHERE ready_hint;

-- One row per process start. A row that has died_at stays until nothing refers to it.
CREATE TABLE worker (
    id uuid PRIMARY KEY NOT NULL,
    started_at timestamptz NOT NULL,
    lease_until timestamptz NOT NULL,
    draining boolean NOT NULL,
    died_at timestamptz,
    info jsonb NOT NULL
);
