CREATE TRIGGER auth_event_noted AFTER INSERT ON auth_event BEGIN
    INSERT INTO audit_pending (tenant_id, event_id) VALUES (NEW.tenant_id, NEW.id);
END;
CREATE TRIGGER operator_act_noted AFTER INSERT ON operator_act BEGIN
    INSERT INTO audit_pending (tenant_id, act_id) VALUES (0, NEW.id);
END;
