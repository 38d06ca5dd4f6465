CREATE VIEW lookup_personal_token AS
    SELECT p.token_hash, p.expires_at, p.id AS token_id, p.user_id, p.tenant_id AS tenant, m.role, u.time_zone, p.scopes,
           p.last_used_at
    FROM personal_token p
    JOIN app_user u ON u.id = p.user_id AND u.is_active AND u.sign_in_epoch = p.sign_in_epoch
    JOIN membership m ON m.tenant_id = p.tenant_id AND m.user_id = p.user_id AND m.status = 'active'
    JOIN tenant t ON t.id = p.tenant_id AND t.status = 'active'
    WHERE p.revoked_at IS NULL;
