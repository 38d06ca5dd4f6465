-- Whom it visits: ids only, for a job that acts for the program itself.
CREATE FUNCTION lookup_tenants(after_id bigint, most bigint) RETURNS TABLE (tenant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM tenant WHERE id > after_id ORDER BY id LIMIT most
$$;
