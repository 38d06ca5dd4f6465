-- The external_id of a deleted entry is free: importing it again makes a new entry.
DROP INDEX worklog_external;
CREATE UNIQUE INDEX worklog_external ON worklog (tenant_id, user_id, source, external_id) WHERE external_id IS NOT NULL AND deleted_at IS NULL;
