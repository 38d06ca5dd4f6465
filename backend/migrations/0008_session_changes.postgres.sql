-- Whose sessions a node must look at again, whoever changed them and on which node: one row a change. Written by the
-- database itself, so that no way of ending a session can forget it. Rows older than an hour go with later ones.
CREATE TABLE session_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    session_id bigint,
    user_id bigint,
    of_tenant bigint
);
CREATE INDEX session_change_at ON session_change (at);

CREATE FUNCTION note_session_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO session_change (session_id, user_id, of_tenant)
    VALUES (
        CASE TG_TABLE_NAME WHEN 'session' THEN (to_jsonb(OLD) ->> 'id')::bigint END,
        CASE TG_TABLE_NAME WHEN 'app_user' THEN (to_jsonb(OLD) ->> 'id')::bigint
                           WHEN 'membership' THEN (to_jsonb(OLD) ->> 'user_id')::bigint END,
        CASE TG_TABLE_NAME WHEN 'tenant' THEN (to_jsonb(OLD) ->> 'id')::bigint END);
    DELETE FROM session_change WHERE id IN (
        SELECT aged.id FROM session_change aged WHERE aged.at < clock_timestamp() - interval '1 hour'
        ORDER BY aged.at LIMIT 10 FOR UPDATE SKIP LOCKED);
    RETURN NULL;
END
$$;

CREATE TRIGGER session_changed AFTER UPDATE OF version, ended_at ON session FOR EACH ROW
    WHEN ((OLD.version, OLD.ended_at) IS DISTINCT FROM (NEW.version, NEW.ended_at))
    EXECUTE FUNCTION note_session_change();
CREATE TRIGGER session_removed AFTER DELETE ON session FOR EACH ROW EXECUTE FUNCTION note_session_change();
CREATE TRIGGER user_changed AFTER UPDATE OF is_active, is_staff, time_zone ON app_user FOR EACH ROW
    WHEN ((OLD.is_active, OLD.is_staff, OLD.time_zone) IS DISTINCT FROM (NEW.is_active, NEW.is_staff, NEW.time_zone))
    EXECUTE FUNCTION note_session_change();
CREATE TRIGGER membership_changed AFTER UPDATE OF role, status ON membership FOR EACH ROW
    WHEN ((OLD.role, OLD.status) IS DISTINCT FROM (NEW.role, NEW.status))
    EXECUTE FUNCTION note_session_change();
CREATE TRIGGER membership_removed AFTER DELETE ON membership FOR EACH ROW EXECUTE FUNCTION note_session_change();
CREATE TRIGGER tenant_changed AFTER UPDATE OF status ON tenant FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION note_session_change();

-- What changed lately. Two minutes are more than any transaction of the program lasts.
CREATE FUNCTION lookup_session_changes() RETURNS TABLE (session_id bigint, user_id bigint, of_tenant bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.session_id, c.user_id, c.of_tenant FROM session_change c WHERE c.at > clock_timestamp() - interval '2 minutes'
$$;

DROP FUNCTION lookup_sessions(jsonb);
CREATE FUNCTION lookup_sessions(wanted jsonb)
RETURNS TABLE (session_id bigint, user_id bigint, tenant bigint, version bigint, role text, is_staff boolean, time_zone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.user_id, s.tenant_id, s.version, m.role, u.is_staff, u.time_zone
    FROM jsonb_array_elements_text(wanted) w
    JOIN session s ON s.id = w::bigint AND s.ended_at IS NULL
    JOIN app_user u ON u.id = s.user_id AND u.is_active
    JOIN membership m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id AND m.status = 'active'
    JOIN tenant t ON t.id = s.tenant_id AND t.status = 'active'
$$;
