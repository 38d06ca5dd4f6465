-- What a key of whoever acts was answered; readable with the key alone.
CREATE FUNCTION lookup_own_answer(wanted_route text, wanted_key text, since timestamptz)
RETURNS TABLE (request_hash bytea, answer bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.request_hash, k.answer FROM idempotency_key k
    WHERE k.user_id = nullif(current_setting('app.user_id', true), '')::bigint
      AND k.route = wanted_route AND k.idempotency_key = wanted_key AND k.created_at >= since
$$;
