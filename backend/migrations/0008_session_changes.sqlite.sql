-- Whose sessions a node must look at again: one row a change, written by the database itself. See the other part.
CREATE TABLE session_change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
    session_id INTEGER,
    user_id INTEGER,
    of_tenant INTEGER
) STRICT;
CREATE INDEX session_change_at ON session_change (at);

CREATE TRIGGER session_change_ages AFTER INSERT ON session_change BEGIN
    DELETE FROM session_change WHERE id IN (SELECT id FROM session_change WHERE at < NEW.at - 3600000 ORDER BY at LIMIT 10);
END;
CREATE TRIGGER session_changed AFTER UPDATE OF version, ended_at ON session
WHEN OLD.version IS NOT NEW.version OR OLD.ended_at IS NOT NEW.ended_at BEGIN
    INSERT INTO session_change (session_id) VALUES (OLD.id);
END;
CREATE TRIGGER session_removed AFTER DELETE ON session BEGIN
    INSERT INTO session_change (session_id) VALUES (OLD.id);
END;
CREATE TRIGGER user_changed AFTER UPDATE OF is_active, is_staff, time_zone ON app_user
WHEN OLD.is_active IS NOT NEW.is_active OR OLD.is_staff IS NOT NEW.is_staff OR OLD.time_zone IS NOT NEW.time_zone BEGIN
    INSERT INTO session_change (user_id) VALUES (OLD.id);
END;
CREATE TRIGGER membership_changed AFTER UPDATE OF role, status ON membership
WHEN OLD.role IS NOT NEW.role OR OLD.status IS NOT NEW.status BEGIN
    INSERT INTO session_change (user_id) VALUES (OLD.user_id);
END;
CREATE TRIGGER membership_removed AFTER DELETE ON membership BEGIN
    INSERT INTO session_change (user_id) VALUES (OLD.user_id);
END;
CREATE TRIGGER tenant_changed AFTER UPDATE OF status ON tenant WHEN OLD.status IS NOT NEW.status BEGIN
    INSERT INTO session_change (of_tenant) VALUES (OLD.id);
END;

CREATE VIEW lookup_session_change AS
    SELECT session_id, user_id, of_tenant FROM session_change
    WHERE at > CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) - 120000;

DROP VIEW lookup_session;
CREATE VIEW lookup_session AS
    SELECT s.id AS session_id, s.user_id, s.tenant_id AS tenant, s.version, m.role, u.is_staff, u.time_zone
    FROM session s
    JOIN app_user u ON u.id = s.user_id AND u.is_active
    JOIN membership m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id AND m.status = 'active'
    JOIN tenant t ON t.id = s.tenant_id AND t.status = 'active'
    WHERE s.ended_at IS NULL;
