-- The plan that limits a tenant stands in tenant_limits; what stood here said of no tenant what it may have.
DROP FUNCTION lookup_own_tenants();
CREATE FUNCTION lookup_own_tenants()
RETURNS TABLE (tenant bigint, name text, slug text, status text, purge_at timestamptz, role text, joined_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.name, t.slug, t.status, t.purge_at, m.role, m.created_at
    FROM membership m JOIN tenant t ON t.id = m.tenant_id AND t.status IN ('active', 'pending_deletion')
    WHERE m.user_id = nullif(current_setting('app.user_id', true), '')::bigint AND m.status = 'active'
    ORDER BY t.status, m.id LIMIT 200
$$;
ALTER TABLE tenant DROP COLUMN plan;
