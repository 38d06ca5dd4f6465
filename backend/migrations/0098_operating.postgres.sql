-- Whoever acts as an operator, if they may: ids only.
CREATE FUNCTION lookup_operator(wanted bigint) RETURNS TABLE (user_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM app_user WHERE id = wanted AND is_active AND is_staff AND may_operate
$$;
