-- Operators look; those who may operate act, too. Who operated before, goes on.
ALTER TABLE app_user ADD COLUMN may_operate boolean NOT NULL DEFAULT FALSE;
UPDATE app_user SET may_operate = is_staff;

-- Grows with each change of what operators decide about somebody.
ALTER TABLE app_user ADD COLUMN standing_version bigint NOT NULL DEFAULT 1;
