DROP VIEW lookup_code;
CREATE VIEW lookup_code AS
    SELECT c.code_hash, c.expires_at, c.id AS code_id, c.user_id, c.tenant_id, c.purpose
    FROM one_time_code c
    JOIN app_user u ON u.id = c.user_id AND u.is_active AND u.sign_in_epoch = c.sign_in_epoch
    WHERE c.used_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM one_time_code newer
                      WHERE newer.user_id = c.user_id AND newer.purpose = c.purpose AND newer.used_at IS NULL
                        AND (newer.created_at, newer.id) > (c.created_at, c.id));
