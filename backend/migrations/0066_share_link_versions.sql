-- Each change of a link by its maker is another version; being followed is none.
ALTER TABLE share_link ADD COLUMN version bigint NOT NULL DEFAULT 1;
