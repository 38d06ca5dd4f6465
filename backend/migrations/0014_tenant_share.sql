-- What operators set of a tenant's part in a queue, apart from what every claim and every end counts. Without a row: a
-- weight of 1 and no limit.
-- engine: tenant_share
CREATE TABLE tenant_share (
    queue text NOT NULL,
    tenant_id bigint NOT NULL,
    weight integer NOT NULL CHECK (weight > 0),
    -- No more jobs of the tenant run in this queue; NULL is no limit.
    max_running integer CHECK (max_running >= 0),
    paused boolean NOT NULL,
    PRIMARY KEY (queue, tenant_id)
);
INSERT INTO tenant_share (queue, tenant_id, weight, max_running, paused)
SELECT queue, tenant_id, weight, max_running, paused FROM tenant_queue;

DROP INDEX tenant_queue_active;
ALTER TABLE tenant_queue DROP COLUMN weight;
ALTER TABLE tenant_queue DROP COLUMN max_running;
ALTER TABLE tenant_queue DROP COLUMN paused;
-- Whether the last claim left jobs ready; whoever comes back after it left is given no credit for the time away.
ALTER TABLE tenant_queue RENAME COLUMN ready_hint TO active;
