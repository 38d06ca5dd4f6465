-- Which version of the program a worker process is of; NULL in one that registered before this was written down.
ALTER TABLE worker ADD COLUMN version text;
