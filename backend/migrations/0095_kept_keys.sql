-- What made the job unique, and in what way: so that one that is tried again excludes others as it did before.
ALTER TABLE job ADD COLUMN unique_key text;
ALTER TABLE job ADD COLUMN unique_by text;
