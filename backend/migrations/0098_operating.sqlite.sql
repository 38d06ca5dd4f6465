-- Whoever acts as an operator, if they may: ids only.
CREATE VIEW lookup_operator AS SELECT id AS user_id FROM app_user WHERE is_active AND is_staff AND may_operate;

-- People and tenants as operators see them.
CREATE VIEW lookup_person AS
    SELECT u.id, (SELECT min(m.tenant_id) FROM membership m WHERE m.user_id = u.id) AS home, u.email, u.email_folded,
           u.display_name, u.is_active, u.is_staff, u.may_operate, u.email_verified_at IS NOT NULL AS email_verified,
           EXISTS (SELECT 1 FROM totp f WHERE f.id = u.id AND f.confirmed_at IS NOT NULL) AS has_second_factor,
           u.last_login_at, u.standing_version, u.created_at
    FROM app_user u WHERE u.password_hash <> '';

CREATE VIEW lookup_any_tenant AS
    SELECT t.id, t.name, t.slug, t.status, t.purge_at,
           (SELECT count(*) FROM membership m WHERE m.tenant_id = t.id) AS members, t.version, t.created_at
    FROM tenant t;
