-- The words of an entry as the program found them, and a word of their owner, so that one look-up in the index
-- answers "this person's entries with these words".
CREATE TABLE worklog_search (
    id bigint PRIMARY KEY REFERENCES worklog (id) ON DELETE CASCADE,
    tenant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    words tsvector NOT NULL
);
-- Whoever finds the pending list full files it away: 4 MB, the default, hold everybody up for 100 ms, 64 kB for 2.
CREATE INDEX worklog_search_words ON worklog_search USING gin (words) WITH (gin_pending_list_limit = 64);

-- Row level security would keep the planner from using the index (@@ is not leakproof), so the search runs past it
-- and repeats the fence itself.
CREATE FUNCTION search_worklog(wanted tsquery) RETURNS TABLE (id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id FROM worklog_search s
    WHERE s.words @@ wanted
      AND s.tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint
      AND s.user_id = nullif(current_setting('app.user_id', true), '')::bigint
$$;
