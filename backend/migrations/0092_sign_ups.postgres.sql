CREATE FUNCTION lookup_sign_up(wanted bytea, at_time timestamptz) RETURNS TABLE (user_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.user_id FROM sign_up s WHERE s.code_hash = wanted AND s.expires_at > at_time
$$;
