-- Where a token leads; no row when it leads nowhere, whyever. A link lives as long as the right that it came from: its maker
-- may share, here, now, and has been here since.
CREATE VIEW lookup_share AS
    SELECT s.token_hash, s.id AS share_id, s.tenant_id AS tenant, s.user_id, m.role, r.id AS report_id
    FROM share_link s
    JOIN tenant t ON t.id = s.tenant_id AND t.status = 'active'
    JOIN app_user u ON u.id = s.user_id AND u.is_active
    JOIN membership m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id AND m.status = 'active'
                     AND m.role IN ('owner', 'admin', 'member') AND m.created_at <= s.created_at
    JOIN report made ON made.id = s.report_id AND made.tenant_id = s.tenant_id AND made.user_id = s.user_id
    JOIN report r ON r.tenant_id = made.tenant_id AND r.chain_id = made.chain_id AND r.deleted_at IS NULL
                 AND CASE WHEN s.pinned THEN r.id = made.id ELSE NOT r.superseded END
    WHERE s.revoked_at IS NULL AND s.expires_at > CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      AND (s.most_views IS NULL OR s.views < s.most_views);
