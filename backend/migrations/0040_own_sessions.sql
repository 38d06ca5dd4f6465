-- Who is signed in on a device may act in each of their tenants, so that sessions are people's and no tenant's.
-- own: session, refresh_token
-- engine: session, refresh_token
DROP INDEX session_of_user;
DROP INDEX session_expiry;
ALTER TABLE session RENAME COLUMN tenant_id TO last_tenant_id;
CREATE INDEX session_of_user ON session (user_id);
CREATE INDEX session_expiry ON session (expires_at);

-- Each change of the row is another version.
ALTER TABLE tenant ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE membership ADD COLUMN version bigint NOT NULL DEFAULT 1;
