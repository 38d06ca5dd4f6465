CREATE FUNCTION lookup_code(wanted bytea, at_time timestamptz) RETURNS TABLE (code_id bigint, user_id bigint, tenant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id, user_id, tenant_id FROM one_time_code WHERE code_hash = wanted AND used_at IS NULL AND expires_at > at_time
$$;

DROP FUNCTION lookup_sessions(jsonb);
CREATE FUNCTION lookup_sessions(wanted jsonb)
RETURNS TABLE (session_id bigint, user_id bigint, tenant bigint, version bigint, role text, is_staff boolean, time_zone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.user_id, s.tenant_id, s.version, m.role, u.is_staff, u.time_zone
    FROM jsonb_array_elements_text(wanted) w
    JOIN session s ON s.id = w::bigint AND s.ended_at IS NULL
    JOIN app_user u ON u.id = s.user_id AND u.is_active AND u.sign_in_epoch = s.sign_in_epoch
    JOIN membership m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id AND m.status = 'active'
    JOIN tenant t ON t.id = s.tenant_id AND t.status = 'active'
$$;

DROP TRIGGER user_changed ON app_user;
CREATE TRIGGER user_changed AFTER UPDATE OF is_active, is_staff, time_zone, sign_in_epoch ON app_user FOR EACH ROW
    WHEN ((OLD.is_active, OLD.is_staff, OLD.time_zone, OLD.sign_in_epoch)
          IS DISTINCT FROM (NEW.is_active, NEW.is_staff, NEW.time_zone, NEW.sign_in_epoch))
    EXECUTE FUNCTION note_session_change();
