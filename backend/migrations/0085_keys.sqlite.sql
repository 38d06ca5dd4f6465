-- What a key was answered, in any tenant; readable with the key alone.
CREATE VIEW lookup_own_answer AS
    SELECT user_id, route, idempotency_key, created_at, request_hash, answer FROM idempotency_key;
