DROP FUNCTION lookup_sessions(jsonb);
CREATE FUNCTION lookup_sessions(wanted jsonb)
RETURNS TABLE (session_id bigint, user_id bigint, tenant bigint, version bigint, role text, is_staff boolean,
               has_second_factor boolean, time_zone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.user_id, t.id, s.version, role_in(t.status, m.role), u.is_staff,
           EXISTS (SELECT 1 FROM totp f WHERE f.id = u.id AND f.confirmed_at IS NOT NULL), u.time_zone
    FROM jsonb_to_recordset(wanted) AS w (session_id bigint, tenant bigint)
    JOIN session s ON s.id = w.session_id AND s.ended_at IS NULL
    JOIN app_user u ON u.id = s.user_id AND u.is_active AND u.sign_in_epoch = s.sign_in_epoch
    JOIN membership m ON m.tenant_id = w.tenant AND m.user_id = s.user_id AND m.status = 'active'
    JOIN tenant t ON t.id = w.tenant AND t.status IN ('active', 'pending_deletion')
$$;

-- What the session with that cookie allows, in the tenant that it was opened in.
CREATE FUNCTION lookup_staff_session(wanted bytea, at_time timestamptz)
RETURNS TABLE (session_id bigint, user_id bigint, tenant bigint, version bigint, role text, is_staff boolean,
               has_second_factor boolean, time_zone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.* FROM session s
    CROSS JOIN lookup_sessions(
        jsonb_build_array(jsonb_build_object('session_id', s.id, 'tenant', s.last_tenant_id))) l
    WHERE s.cookie_hash = wanted AND s.expires_at > at_time
$$;
