-- The plan that limits a tenant stands in tenant_limits; what stood here said of no tenant what it may have.
DROP VIEW lookup_own_tenant;
ALTER TABLE tenant DROP COLUMN plan;
CREATE VIEW lookup_own_tenant AS
    SELECT m.user_id, m.id AS membership_id, t.id AS tenant, t.name, t.slug, t.status, t.purge_at, m.role,
           m.created_at AS joined_at
    FROM membership m JOIN tenant t ON t.id = m.tenant_id AND t.status IN ('active', 'pending_deletion')
    WHERE m.status = 'active';
