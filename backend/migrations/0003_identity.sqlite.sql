-- The look-ups of a caller who has no scope yet: the only views that read across tenants.
CREATE VIEW lookup_user AS
    SELECT u.email_folded, u.id AS user_id, m.tenant_id, m.id AS membership_id
    FROM app_user u JOIN membership m ON m.user_id = u.id AND m.status = 'active';

CREATE VIEW lookup_refresh_token AS
    SELECT token_hash, id AS token_id, session_id, user_id, tenant_id FROM refresh_token;

CREATE VIEW lookup_invitation AS
    SELECT code_hash, expires_at, id AS invitation_id, tenant_id FROM invitation WHERE redeemed_at IS NULL;

CREATE VIEW lookup_session AS
    SELECT s.id AS session_id, s.version, m.role, u.is_staff, u.time_zone
    FROM session s
    JOIN app_user u ON u.id = s.user_id AND u.is_active
    JOIN membership m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id AND m.status = 'active'
    JOIN tenant t ON t.id = s.tenant_id AND t.status = 'active'
    WHERE s.ended_at IS NULL;

CREATE VIEW lookup_owner AS
    SELECT id AS membership_id, user_id, tenant_id FROM membership WHERE role = 'owner' AND status = 'active';
