-- Whoever acts as an operator, if they may: ids only.
CREATE FUNCTION lookup_operator(wanted bigint) RETURNS TABLE (user_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM app_user WHERE id = wanted AND is_active AND is_staff AND may_operate
$$;

-- All of them, where those who make one less take turns: ids only.
CREATE FUNCTION lookup_operators_in_turn() RETURNS TABLE (user_id bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM app_user WHERE is_active AND is_staff AND may_operate ORDER BY id FOR NO KEY UPDATE
$$;

-- People and tenants as operators see them. The fences leave what is named operators_ to the engine's role.
CREATE FUNCTION operators_people(
    after_id bigint, most bigint, only_id bigint, address text, name text, active boolean, staff boolean)
RETURNS TABLE (id bigint, home bigint, email text, display_name text, is_active boolean, is_staff boolean,
               may_operate boolean, email_verified boolean, has_second_factor boolean, last_login_at timestamptz,
               standing_version bigint, created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.id, (SELECT min(m.tenant_id) FROM membership m WHERE m.user_id = u.id), u.email, u.display_name,
           u.is_active, u.is_staff, u.may_operate, u.email_verified_at IS NOT NULL,
           EXISTS (SELECT 1 FROM totp f WHERE f.id = u.id AND f.confirmed_at IS NOT NULL), u.last_login_at,
           u.standing_version, u.created_at
    FROM app_user u
    WHERE u.password_hash <> '' AND u.id > after_id AND u.id = coalesce(only_id, u.id)
      AND u.is_active = coalesce(active, u.is_active) AND u.is_staff = coalesce(staff, u.is_staff)
      AND (substr(u.email_folded, 1, length(address)) = address OR substr(u.display_name, 1, length(name)) = name)
    ORDER BY u.id LIMIT most
$$;

CREATE FUNCTION operators_tenants(after_id bigint, most bigint, only_id bigint, of_name text, of_status text)
RETURNS TABLE (id bigint, name text, slug text, status text, purge_at timestamptz, members bigint, version bigint,
               created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.name, t.slug, t.status, t.purge_at,
           (SELECT count(*) FROM membership m WHERE m.tenant_id = t.id), t.version, t.created_at
    FROM tenant t
    WHERE t.id > after_id AND t.id = coalesce(only_id, t.id) AND t.status = coalesce(of_status, t.status)
      AND substr(t.name, 1, length(of_name)) = of_name
    ORDER BY t.id LIMIT most
$$;
