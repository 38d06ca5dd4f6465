-- What a job is expected to cost, in micro-units as its cost: by its type, or as whoever asked for it knew better.
ALTER TABLE job ADD COLUMN estimated_cost bigint NOT NULL DEFAULT 0;
