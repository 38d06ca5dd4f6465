-- What a role is worth in a tenant: whoever is in one that is to be deleted may read.
CREATE FUNCTION role_in(tenant_status text, role text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE tenant_status WHEN 'active' THEN role WHEN 'pending_deletion' THEN 'read_only' END
$$;

CREATE OR REPLACE FUNCTION lookup_sessions(wanted jsonb)
RETURNS TABLE (session_id bigint, user_id bigint, tenant bigint, version bigint, role text, is_staff boolean, time_zone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.user_id, t.id, s.version, role_in(t.status, m.role), u.is_staff, u.time_zone
    FROM jsonb_to_recordset(wanted) AS w (session_id bigint, tenant bigint)
    JOIN session s ON s.id = w.session_id AND s.ended_at IS NULL
    JOIN app_user u ON u.id = s.user_id AND u.is_active AND u.sign_in_epoch = s.sign_in_epoch
    JOIN membership m ON m.tenant_id = w.tenant AND m.user_id = s.user_id AND m.status = 'active'
    JOIN tenant t ON t.id = w.tenant AND t.status IN ('active', 'pending_deletion')
$$;

CREATE OR REPLACE FUNCTION lookup_personal_token(wanted bytea, at_time timestamptz)
RETURNS TABLE (token_id bigint, user_id bigint, tenant bigint, role text, time_zone text, scopes jsonb, last_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, p.user_id, p.tenant_id, role_in(t.status, m.role), u.time_zone, p.scopes, p.last_used_at
    FROM personal_token p
    JOIN app_user u ON u.id = p.user_id AND u.is_active AND u.sign_in_epoch = p.sign_in_epoch
    JOIN membership m ON m.tenant_id = p.tenant_id AND m.user_id = p.user_id AND m.status = 'active'
                     AND m.created_at <= p.created_at
    JOIN tenant t ON t.id = p.tenant_id AND t.status IN ('active', 'pending_deletion')
    WHERE p.token_hash = wanted AND p.revoked_at IS NULL AND p.expires_at > at_time
$$;

-- One that stays comes before one that goes.
CREATE OR REPLACE FUNCTION lookup_user(wanted text) RETURNS TABLE (user_id bigint, tenant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.id, coalesce(t.id, 0) FROM app_user u
    LEFT JOIN membership m ON m.user_id = u.id
    LEFT JOIN tenant t ON t.id = m.tenant_id
    WHERE u.email_folded = wanted
      AND (m.id IS NULL OR m.status = 'active' AND t.status IN ('active', 'pending_deletion'))
    ORDER BY t.status, m.id LIMIT 1
$$;

DROP FUNCTION lookup_own_tenants();
CREATE FUNCTION lookup_own_tenants()
RETURNS TABLE (tenant bigint, name text, slug text, plan text, status text, purge_at timestamptz, role text, joined_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.name, t.slug, t.plan, t.status, t.purge_at, m.role, m.created_at
    FROM membership m JOIN tenant t ON t.id = m.tenant_id AND t.status IN ('active', 'pending_deletion')
    WHERE m.user_id = nullif(current_setting('app.user_id', true), '')::bigint AND m.status = 'active'
    ORDER BY t.status, m.id LIMIT 200
$$;

-- Of whoever acts, suspended or not: ids only.
CREATE FUNCTION lookup_own_memberships(after_id bigint) RETURNS TABLE (tenant bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.tenant_id FROM membership m
    WHERE m.user_id = nullif(current_setting('app.user_id', true), '')::bigint AND m.tenant_id > after_id
    ORDER BY m.tenant_id LIMIT 200
$$;

-- Nobody joins what is not active.
CREATE OR REPLACE FUNCTION lookup_invitation(wanted bytea, at_time timestamptz)
RETURNS TABLE (invitation_id bigint, tenant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.id, i.tenant_id FROM invitation i JOIN tenant t ON t.id = i.tenant_id AND t.status = 'active'
    WHERE i.code_hash = wanted AND i.redeemed_at IS NULL AND i.expires_at > at_time
$$;

CREATE OR REPLACE FUNCTION lookup_tenants(after_id bigint, most bigint) RETURNS TABLE (tenant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM tenant WHERE id > after_id AND purge_at IS NULL ORDER BY id LIMIT most
$$;

-- Empties what the tenant's sealed records tell of people, once what it empties is to be erased; gives how many.
CREATE FUNCTION empty_auth_events(of_user bigint, at_time timestamptz, most bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH emptied AS (
        UPDATE auth_event SET address = '', user_agent = '', data = '{}', purged_at = at_time
        WHERE id IN (
            SELECT e.id FROM auth_event e JOIN audit_seal s ON s.event_id = e.id
            WHERE e.tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint
              AND e.purged_at IS NULL AND of_user IN (0, e.user_id)
              AND EXISTS (SELECT 1 FROM erasure r WHERE r.tenant_id = e.tenant_id AND r.user_id = of_user AND r.due_at <= at_time)
            ORDER BY e.id LIMIT most)
        RETURNING 1)
    SELECT count(*) FROM emptied
$$;
