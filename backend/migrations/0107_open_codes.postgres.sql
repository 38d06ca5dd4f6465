-- A code that is void for any reason is found as little as one that never was: whoever holds it learns nothing from the answer.
-- The newest of a person for a purpose counts alone, whichever of the person's tenants it was made in.
DROP FUNCTION lookup_code(bytea, timestamptz);
CREATE FUNCTION lookup_code(wanted bytea, at_time timestamptz)
RETURNS TABLE (code_id bigint, user_id bigint, tenant_id bigint, purpose text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, c.user_id, c.tenant_id, c.purpose
    FROM one_time_code c
    JOIN app_user u ON u.id = c.user_id AND u.is_active AND u.sign_in_epoch = c.sign_in_epoch
    WHERE c.code_hash = wanted AND c.used_at IS NULL AND c.expires_at > at_time
      AND NOT EXISTS (SELECT FROM one_time_code newer
                      WHERE newer.user_id = c.user_id AND newer.purpose = c.purpose AND newer.used_at IS NULL
                        AND (newer.created_at, newer.id) > (c.created_at, c.id))
$$;
