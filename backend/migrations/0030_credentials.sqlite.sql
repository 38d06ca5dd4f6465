CREATE VIEW lookup_code AS
    SELECT code_hash, expires_at, id AS code_id, user_id, tenant_id FROM one_time_code WHERE used_at IS NULL;

DROP VIEW lookup_session;
CREATE VIEW lookup_session AS
    SELECT s.id AS session_id, s.user_id, s.tenant_id AS tenant, s.version, m.role, u.is_staff, u.time_zone
    FROM session s
    JOIN app_user u ON u.id = s.user_id AND u.is_active AND u.sign_in_epoch = s.sign_in_epoch
    JOIN membership m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id AND m.status = 'active'
    JOIN tenant t ON t.id = s.tenant_id AND t.status = 'active'
    WHERE s.ended_at IS NULL;

DROP TRIGGER user_changed;
CREATE TRIGGER user_changed AFTER UPDATE OF is_active, is_staff, time_zone, sign_in_epoch ON app_user
WHEN OLD.is_active IS NOT NEW.is_active OR OLD.is_staff IS NOT NEW.is_staff OR OLD.time_zone IS NOT NEW.time_zone
    OR OLD.sign_in_epoch IS NOT NEW.sign_in_epoch BEGIN
    INSERT INTO session_change (user_id) VALUES (OLD.id);
END;
