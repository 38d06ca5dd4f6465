CREATE FUNCTION note_auth_event() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_pending (tenant_id, event_id) VALUES (NEW.tenant_id, NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER auth_event_noted AFTER INSERT ON auth_event FOR EACH ROW EXECUTE FUNCTION note_auth_event();

CREATE FUNCTION note_operator_act() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_pending (tenant_id, act_id) VALUES (0, NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER operator_act_noted AFTER INSERT ON operator_act FOR EACH ROW EXECUTE FUNCTION note_operator_act();
