-- Sign-ups that wait for the code of a mail. Their people are no accounts yet and hold no address: any number of them may
-- wait for the same one. The row goes with its use.
-- own: sign_up
-- engine: sign_up
CREATE TABLE sign_up (
    user_id bigint PRIMARY KEY,
    email text NOT NULL,
    password_hash text NOT NULL,
    display_name text NOT NULL,
    time_zone text NOT NULL,
    code_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sign_up_expiry ON sign_up (expires_at);
