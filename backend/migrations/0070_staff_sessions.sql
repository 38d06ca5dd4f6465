-- A session that operators' pages are signed in by: it has a cookie and no refresh tokens.
ALTER TABLE session ADD COLUMN cookie_hash bytea;
CREATE UNIQUE INDEX session_cookie ON session (cookie_hash);
