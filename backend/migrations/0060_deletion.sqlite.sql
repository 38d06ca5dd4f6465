-- What a role is worth in a tenant: whoever is in one that is to be deleted may read.
DROP VIEW lookup_session;
CREATE VIEW lookup_session AS
    SELECT s.id AS session_id, s.user_id, m.tenant_id AS tenant, s.version,
           CASE t.status WHEN 'active' THEN m.role ELSE 'read_only' END AS role, u.is_staff, u.time_zone
    FROM session s
    JOIN app_user u ON u.id = s.user_id AND u.is_active AND u.sign_in_epoch = s.sign_in_epoch
    JOIN membership m ON m.user_id = s.user_id AND m.status = 'active'
    JOIN tenant t ON t.id = m.tenant_id AND t.status IN ('active', 'pending_deletion')
    WHERE s.ended_at IS NULL;

DROP VIEW lookup_personal_token;
CREATE VIEW lookup_personal_token AS
    SELECT p.token_hash, p.expires_at, p.id AS token_id, p.user_id, p.tenant_id AS tenant,
           CASE t.status WHEN 'active' THEN m.role ELSE 'read_only' END AS role, u.time_zone, p.scopes, p.last_used_at
    FROM personal_token p
    JOIN app_user u ON u.id = p.user_id AND u.is_active AND u.sign_in_epoch = p.sign_in_epoch
    JOIN membership m ON m.tenant_id = p.tenant_id AND m.user_id = p.user_id AND m.status = 'active'
                     AND m.created_at <= p.created_at
    JOIN tenant t ON t.id = p.tenant_id AND t.status IN ('active', 'pending_deletion')
    WHERE p.revoked_at IS NULL;

-- One that stays comes before one that goes.
DROP VIEW lookup_user;
CREATE VIEW lookup_user AS
    SELECT u.email_folded, u.id AS user_id, coalesce(t.id, 0) AS tenant_id, m.id AS membership_id, t.status AS tenant_status
    FROM app_user u LEFT JOIN membership m ON m.user_id = u.id LEFT JOIN tenant t ON t.id = m.tenant_id
    WHERE m.id IS NULL OR (m.status = 'active' AND t.status IN ('active', 'pending_deletion'));

DROP VIEW lookup_own_tenant;
CREATE VIEW lookup_own_tenant AS
    SELECT m.user_id, m.id AS membership_id, t.id AS tenant, t.name, t.slug, t.plan, t.status, t.purge_at, m.role,
           m.created_at AS joined_at
    FROM membership m JOIN tenant t ON t.id = m.tenant_id AND t.status IN ('active', 'pending_deletion')
    WHERE m.status = 'active';

-- Suspended or not: ids only.
CREATE VIEW lookup_own_membership AS SELECT user_id, tenant_id AS tenant FROM membership;

-- Nobody joins what is not active.
DROP VIEW lookup_invitation;
CREATE VIEW lookup_invitation AS
    SELECT i.code_hash, i.expires_at, i.id AS invitation_id, i.tenant_id
    FROM invitation i JOIN tenant t ON t.id = i.tenant_id AND t.status = 'active' WHERE i.redeemed_at IS NULL;

DROP VIEW lookup_tenant;
CREATE VIEW lookup_tenant AS SELECT tenant_id FROM tenant WHERE purge_at IS NULL;
