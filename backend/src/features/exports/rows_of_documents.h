// Rows of the tables of reporting and sharing, and of the schedules.
#pragma once

#include "features/exports/columns.h"

namespace afterresume::exports {

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
