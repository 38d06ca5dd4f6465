-- Grows with each change that a person makes to their account; what If-Match names.
ALTER TABLE app_user ADD COLUMN version bigint NOT NULL DEFAULT 1;
