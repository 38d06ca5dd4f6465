-- Where a token leads; no row when it leads nowhere, whyever. A link lives as long as the right that it came from: its maker
-- may share, here, now, and has been here since.
CREATE FUNCTION lookup_share(wanted bytea)
RETURNS TABLE (share_id bigint, tenant bigint, user_id bigint, role text, report_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.tenant_id, s.user_id, m.role, r.id
    FROM share_link s
    JOIN tenant t ON t.id = s.tenant_id AND t.status = 'active'
    JOIN app_user u ON u.id = s.user_id AND u.is_active
    JOIN membership m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id AND m.status = 'active'
                     AND m.role IN ('owner', 'admin', 'member') AND m.created_at <= s.created_at
    JOIN report made ON made.id = s.report_id AND made.tenant_id = s.tenant_id AND made.user_id = s.user_id
    JOIN report r ON r.tenant_id = made.tenant_id AND r.chain_id = made.chain_id AND r.deleted_at IS NULL
                 AND CASE WHEN s.pinned THEN r.id = made.id ELSE NOT r.superseded END
    WHERE s.token_hash = wanted AND s.revoked_at IS NULL AND s.expires_at > now()
      AND (s.most_views IS NULL OR s.views < s.most_views)
$$;
