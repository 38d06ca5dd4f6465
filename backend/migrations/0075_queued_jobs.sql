-- By which the waiting jobs of a tenant are counted, where they are limited; those that are ready have an index of their own.
CREATE INDEX job_hot_later ON job_hot (tenant_id) WHERE state IN ('blocked', 'scheduled');
