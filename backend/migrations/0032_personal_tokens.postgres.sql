CREATE FUNCTION lookup_personal_token(wanted bytea, at_time timestamptz)
RETURNS TABLE (token_id bigint, user_id bigint, tenant bigint, role text, time_zone text, scopes jsonb, last_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, p.user_id, p.tenant_id, m.role, u.time_zone, p.scopes, p.last_used_at
    FROM personal_token p
    JOIN app_user u ON u.id = p.user_id AND u.is_active AND u.sign_in_epoch = p.sign_in_epoch
    JOIN membership m ON m.tenant_id = p.tenant_id AND m.user_id = p.user_id AND m.status = 'active'
    JOIN tenant t ON t.id = p.tenant_id AND t.status = 'active'
    WHERE p.token_hash = wanted AND p.revoked_at IS NULL AND p.expires_at > at_time
$$;
