DROP VIEW lookup_invitation;
CREATE VIEW lookup_invitation AS
    SELECT i.code_hash, FALSE AS mailed, i.expires_at, i.id AS invitation_id, i.tenant_id
    FROM invitation i JOIN tenant t ON t.id = i.tenant_id AND t.status = 'active' WHERE i.redeemed_at IS NULL
    UNION ALL
    SELECT i.mailed_hash, TRUE, i.expires_at, i.id, i.tenant_id
    FROM invitation i JOIN tenant t ON t.id = i.tenant_id AND t.status = 'active' WHERE i.redeemed_at IS NULL;
