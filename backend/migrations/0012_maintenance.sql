-- What the nightly clean-up looks for.
CREATE INDEX worklog_deleted ON worklog (tenant_id, deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX session_expiry ON session (tenant_id, expires_at);
CREATE INDEX invitation_of_tenant ON invitation (tenant_id, expires_at);
