// Rows of the tables that are exported, as the document has them: what people wrote, and what that
// belongs to. No secret, and no hash of one.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"

#include <optional>
#include <string>

namespace afterresume::exports {

using Number = std::int64_t;
using Text = std::string;
template <class T>
using Maybe = std::optional<T>;

struct TenantRow {
    Number id;
    Text name, slug, status;
    Timestamp created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(TenantRow, (), (id, name, slug, status, created_at, updated_at))

struct MemberRow {
    Number id, user_id;
    Text display_name, email, role, status;
    Timestamp created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(
    MemberRow, (), (id, user_id, display_name, email, role, status, created_at, updated_at)
)

struct InvitationRow {
    Number id;
    Maybe<Text> email_folded;
    Text role;
    Maybe<Number> maker_id;
    Timestamp created_at, expires_at;
    Maybe<Timestamp> redeemed_at;
    Maybe<Number> redeemer_id;
};
BOOST_DESCRIBE_STRUCT(
    InvitationRow, (),
    (id, email_folded, role, maker_id, created_at, expires_at, redeemed_at, redeemer_id)
)

struct BasicsRow {
    Number user_id;
    Json data, extra;
    Number version;
    Timestamp created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(BasicsRow, (), (user_id, data, extra, version, created_at, updated_at))

struct ItemRow {
    Number id, user_id;
    Text section;
    Number position;
    Json data;
    Number version;
    Timestamp created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(
    ItemRow, (), (id, user_id, section, position, data, version, created_at, updated_at)
)

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

struct ReportRow {
    Number id, user_id;
    Text kind;
    Maybe<LocalDate> window_from, window_to;
    Text title;
    bool own_title;
    Json content;
    Text theme, status, generator;
    Number chain_id, number;
    Maybe<Number> supersedes;
    bool superseded;
    Number version;
    Timestamp created_at, updated_at;
    Maybe<Timestamp> deleted_at;
};
BOOST_DESCRIBE_STRUCT(
    ReportRow, (),
    (id, user_id, kind, window_from, window_to, title, own_title, content, theme, status, generator,
     chain_id, number, supersedes, superseded, version, created_at, updated_at, deleted_at)
)

struct ShareRow {
    Number id, user_id;
    Maybe<Text> name;
    Number report_id;
    bool pinned;
    Text contacts;
    Maybe<Number> most_views;
    Number views;
    Timestamp created_at, expires_at;
    Maybe<Timestamp> revoked_at;
};
BOOST_DESCRIBE_STRUCT(
    ShareRow, (),
    (id, user_id, name, report_id, pinned, contacts, most_views, views, created_at, expires_at,
     revoked_at)
)

struct ScheduleRow {
    Number id, user_id;
    Text name, job_type, cron, time_zone;
    bool enabled;
    Text missed, overlap;
    Timestamp created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(
    ScheduleRow, (),
    (id, user_id, name, job_type, cron, time_zone, enabled, missed, overlap, created_at, updated_at)
)

}  // namespace afterresume::exports
