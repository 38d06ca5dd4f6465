DROP VIEW lookup_refresh_token;
ALTER TABLE refresh_token DROP COLUMN tenant_id;
CREATE VIEW lookup_refresh_token AS
    SELECT r.token_hash, r.id AS token_id, r.session_id, r.user_id, s.last_tenant_id
    FROM refresh_token r JOIN session s ON s.id = r.session_id;

-- What sessions allow in tenants; one row for each pair that is allowed.
DROP VIEW lookup_session;
CREATE VIEW lookup_session AS
    SELECT s.id AS session_id, s.user_id, m.tenant_id AS tenant, s.version, m.role, u.is_staff, u.time_zone
    FROM session s
    JOIN app_user u ON u.id = s.user_id AND u.is_active AND u.sign_in_epoch = s.sign_in_epoch
    JOIN membership m ON m.user_id = s.user_id AND m.status = 'active'
    JOIN tenant t ON t.id = m.tenant_id AND t.status = 'active'
    WHERE s.ended_at IS NULL;

-- Where somebody signs in; 0 is nowhere, for those who belong to no tenant any more.
DROP VIEW lookup_user;
CREATE VIEW lookup_user AS
    SELECT u.email_folded, u.id AS user_id, coalesce(t.id, 0) AS tenant_id, m.id AS membership_id
    FROM app_user u LEFT JOIN membership m ON m.user_id = u.id LEFT JOIN tenant t ON t.id = m.tenant_id
    WHERE m.id IS NULL OR (m.status = 'active' AND t.status = 'active');

CREATE VIEW lookup_own_tenant AS
    SELECT m.user_id, m.id AS membership_id, t.id AS tenant, t.name, t.slug, t.plan, m.role, m.created_at AS joined_at
    FROM membership m JOIN tenant t ON t.id = m.tenant_id AND t.status = 'active' WHERE m.status = 'active';

-- A token that was made before its owner joined, the last time, is void.
DROP VIEW lookup_personal_token;
CREATE VIEW lookup_personal_token AS
    SELECT p.token_hash, p.expires_at, p.id AS token_id, p.user_id, p.tenant_id AS tenant, m.role, u.time_zone, p.scopes,
           p.last_used_at
    FROM personal_token p
    JOIN app_user u ON u.id = p.user_id AND u.is_active AND u.sign_in_epoch = p.sign_in_epoch
    JOIN membership m ON m.tenant_id = p.tenant_id AND m.user_id = p.user_id AND m.status = 'active'
                     AND m.created_at <= p.created_at
    JOIN tenant t ON t.id = p.tenant_id AND t.status = 'active'
    WHERE p.revoked_at IS NULL;
