CREATE VIEW lookup_sign_up AS SELECT code_hash, expires_at, user_id FROM sign_up;
