-- Its policy goes along; the fences are raised anew after all migrations.
ALTER TABLE refresh_token DROP COLUMN tenant_id CASCADE;

DROP FUNCTION lookup_refresh_token(bytea);
CREATE FUNCTION lookup_refresh_token(wanted bytea)
RETURNS TABLE (token_id bigint, session_id bigint, user_id bigint, last_tenant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.id, r.session_id, r.user_id, s.last_tenant_id
    FROM refresh_token r JOIN session s ON s.id = r.session_id WHERE r.token_hash = wanted
$$;

-- What sessions allow in tenants; one row for each pair that is wanted and allowed.
DROP FUNCTION lookup_sessions(jsonb);
CREATE FUNCTION lookup_sessions(wanted jsonb)
RETURNS TABLE (session_id bigint, user_id bigint, tenant bigint, version bigint, role text, is_staff boolean, time_zone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.user_id, t.id, s.version, m.role, u.is_staff, u.time_zone
    FROM jsonb_to_recordset(wanted) AS w (session_id bigint, tenant bigint)
    JOIN session s ON s.id = w.session_id AND s.ended_at IS NULL
    JOIN app_user u ON u.id = s.user_id AND u.is_active AND u.sign_in_epoch = s.sign_in_epoch
    JOIN membership m ON m.tenant_id = w.tenant AND m.user_id = s.user_id AND m.status = 'active'
    JOIN tenant t ON t.id = w.tenant AND t.status = 'active'
$$;

-- Where somebody signs in; 0 is nowhere, for those who belong to no tenant any more.
CREATE OR REPLACE FUNCTION lookup_user(wanted text) RETURNS TABLE (user_id bigint, tenant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.id, coalesce(t.id, 0) FROM app_user u
    LEFT JOIN membership m ON m.user_id = u.id
    LEFT JOIN tenant t ON t.id = m.tenant_id
    WHERE u.email_folded = wanted AND (m.id IS NULL OR m.status = 'active' AND t.status = 'active')
    ORDER BY m.id LIMIT 1
$$;

-- Of whoever acts.
CREATE FUNCTION lookup_own_tenants()
RETURNS TABLE (tenant bigint, name text, slug text, plan text, role text, joined_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.name, t.slug, t.plan, m.role, m.created_at
    FROM membership m JOIN tenant t ON t.id = m.tenant_id AND t.status = 'active'
    WHERE m.user_id = nullif(current_setting('app.user_id', true), '')::bigint AND m.status = 'active'
    ORDER BY m.id LIMIT 200
$$;

-- A token that was made before its owner joined, the last time, is void.
CREATE OR REPLACE FUNCTION lookup_personal_token(wanted bytea, at_time timestamptz)
RETURNS TABLE (token_id bigint, user_id bigint, tenant bigint, role text, time_zone text, scopes jsonb, last_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, p.user_id, p.tenant_id, m.role, u.time_zone, p.scopes, p.last_used_at
    FROM personal_token p
    JOIN app_user u ON u.id = p.user_id AND u.is_active AND u.sign_in_epoch = p.sign_in_epoch
    JOIN membership m ON m.tenant_id = p.tenant_id AND m.user_id = p.user_id AND m.status = 'active'
                     AND m.created_at <= p.created_at
    JOIN tenant t ON t.id = p.tenant_id AND t.status = 'active'
    WHERE p.token_hash = wanted AND p.revoked_at IS NULL AND p.expires_at > at_time
$$;
