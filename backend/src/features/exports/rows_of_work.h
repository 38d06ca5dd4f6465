// Rows of the tables of worklog and skills.
#pragma once

#include "features/exports/columns.h"

namespace afterresume::exports {

struct EntryRow {
    Number id, user_id;
    LocalDate occurred_on;
    Maybe<Text> title;
    Text content;
    Maybe<Text> outcome, project;
    Maybe<Number> position_id;
    Json tags;
    Maybe<Number> duration_minutes;
    Text visibility, source;
    Maybe<Text> external_id;
    Maybe<Json> analysis;
    Json skills;
    Number version, extracted_version;
    Timestamp created_at, updated_at;
    Maybe<Timestamp> deleted_at;
};
BOOST_DESCRIBE_STRUCT(
    EntryRow, (),
    (id, user_id, occurred_on, title, content, outcome, project, position_id, tags,
     duration_minutes, visibility, source, external_id, analysis, skills, version,
     extracted_version, created_at, updated_at, deleted_at)
)

struct HistoryRow {
    Number id, user_id, worklog_id, version;
    Json entry;
    Timestamp changed_at;
};
BOOST_DESCRIBE_STRUCT(HistoryRow, (), (id, user_id, worklog_id, version, entry, changed_at))

struct SkillRow {
    Number id, user_id;
    Text slug, name, category;
    Json aliases;
    bool known, touched, hidden, pinned;
    Maybe<Number> merged_into;
    Number level;
    Json why;
    Maybe<LocalDate> first_seen, last_seen;
    Number evidence_count, version;
    Timestamp created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(
    SkillRow, (),
    (id, user_id, slug, name, category, aliases, known, touched, hidden, pinned, merged_into, level,
     why, first_seen, last_seen, evidence_count, version, created_at, updated_at)
)

struct EvidenceRow {
    Number id, user_id, skill_id, entry_id;
    Text field;
    Number start_at, end_at;
    Text quote;
    double confidence;
    Text method;
    bool outcome;
    LocalDate occurred_on;
};
BOOST_DESCRIBE_STRUCT(
    EvidenceRow, (),
    (id, user_id, skill_id, entry_id, field, start_at, end_at, quote, confidence, method, outcome,
     occurred_on)
)

}  // namespace afterresume::exports
