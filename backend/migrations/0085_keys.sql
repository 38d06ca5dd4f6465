-- A key is its owner's in all tenants, because what is made with one may be a tenant.
CREATE INDEX idempotency_key_of_user ON idempotency_key (user_id, route, idempotency_key);
