-- Users have no tenant: a row shows to its own user and to the members of the tenant that acts.
ALTER TABLE app_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE app_user FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON app_user TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY self_or_member ON app_user
    USING (
        id = nullif(current_setting('app.user_id', true), '')::bigint
        OR EXISTS (
            SELECT 1 FROM membership m
            WHERE m.user_id = app_user.id AND m.tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint
        )
    )
    WITH CHECK (id = nullif(current_setting('app.user_id', true), '')::bigint);

-- The look-ups of a caller who has no scope yet. They take what only the right caller knows and return ids.
CREATE FUNCTION lookup_user(wanted text) RETURNS TABLE (user_id bigint, tenant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.id, m.tenant_id FROM app_user u
    JOIN membership m ON m.user_id = u.id AND m.status = 'active'
    WHERE u.email_folded = wanted ORDER BY m.id LIMIT 1
$$;

CREATE FUNCTION lookup_refresh_token(wanted bytea) RETURNS TABLE (token_id bigint, session_id bigint, user_id bigint, tenant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id, session_id, user_id, tenant_id FROM refresh_token WHERE token_hash = wanted
$$;

CREATE FUNCTION lookup_invitation(wanted bytea, at_time timestamptz) RETURNS TABLE (invitation_id bigint, tenant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id, tenant_id FROM invitation
    WHERE code_hash = wanted AND redeemed_at IS NULL AND expires_at > at_time
$$;

CREATE FUNCTION lookup_sessions(wanted jsonb)
RETURNS TABLE (session_id bigint, version bigint, role text, is_staff boolean, time_zone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.version, m.role, u.is_staff, u.time_zone
    FROM jsonb_array_elements_text(wanted) w
    JOIN session s ON s.id = w::bigint AND s.ended_at IS NULL
    JOIN app_user u ON u.id = s.user_id AND u.is_active
    JOIN membership m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id AND m.status = 'active'
    JOIN tenant t ON t.id = s.tenant_id AND t.status = 'active'
$$;

CREATE FUNCTION lookup_owners() RETURNS TABLE (user_id bigint, tenant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT user_id, tenant_id FROM membership WHERE role = 'owner' AND status = 'active' ORDER BY id LIMIT 2
$$;
