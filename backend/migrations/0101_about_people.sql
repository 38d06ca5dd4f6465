-- What people say of themselves in a line, and the day on which their weeks begin.
ALTER TABLE app_user ADD COLUMN headline text;
ALTER TABLE app_user ADD COLUMN week_start text NOT NULL DEFAULT 'monday';
