DROP FUNCTION lookup_invitation(bytea, timestamptz);
CREATE FUNCTION lookup_invitation(wanted bytea, at_time timestamptz)
RETURNS TABLE (invitation_id bigint, tenant_id bigint, mailed boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.id, i.tenant_id, i.code_hash <> wanted
    FROM invitation i JOIN tenant t ON t.id = i.tenant_id AND t.status = 'active'
    WHERE (i.code_hash = wanted OR i.mailed_hash = wanted) AND i.redeemed_at IS NULL AND i.expires_at > at_time
$$;
