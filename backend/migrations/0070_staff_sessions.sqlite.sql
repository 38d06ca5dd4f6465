DROP VIEW lookup_session;
CREATE VIEW lookup_session AS
    SELECT s.id AS session_id, s.user_id, m.tenant_id AS tenant, s.version,
           CASE t.status WHEN 'active' THEN m.role ELSE 'read_only' END AS role, u.is_staff,
           EXISTS (SELECT 1 FROM totp f WHERE f.id = u.id AND f.confirmed_at IS NOT NULL) AS has_second_factor, u.time_zone
    FROM session s
    JOIN app_user u ON u.id = s.user_id AND u.is_active AND u.sign_in_epoch = s.sign_in_epoch
    JOIN membership m ON m.user_id = s.user_id AND m.status = 'active'
    JOIN tenant t ON t.id = m.tenant_id AND t.status IN ('active', 'pending_deletion')
    WHERE s.ended_at IS NULL;

-- What the session with a cookie allows, in the tenant that it was opened in.
CREATE VIEW lookup_staff_session AS
    SELECT s.cookie_hash, s.expires_at, l.session_id, l.user_id, l.tenant, l.version, l.role, l.is_staff,
           l.has_second_factor, l.time_zone
    FROM session s JOIN lookup_session l ON l.session_id = s.id AND l.tenant = s.last_tenant_id;
