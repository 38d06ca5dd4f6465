-- Whom it visits: ids only, for a job that acts for the program itself. Not `id`, which is the row's own number: SQLite
-- tells the authorizer of no view when nothing but that is read.
CREATE VIEW lookup_tenant AS SELECT tenant_id FROM tenant;
