CREATE VIRTUAL TABLE worklog_fts USING fts5(words);
