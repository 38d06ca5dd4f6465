-- The hot table turns over completely all the time; finished jobs are rewritten once, beside themselves.
ALTER TABLE job_hot SET (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);
ALTER TABLE job SET (fillfactor = 75);
