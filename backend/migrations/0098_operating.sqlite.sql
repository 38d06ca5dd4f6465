-- Whoever acts as an operator, if they may: ids only.
CREATE VIEW lookup_operator AS SELECT id AS user_id FROM app_user WHERE is_active AND is_staff AND may_operate;
