// The events of a job: append-only, numbered 1, 2, 3… without gaps. What the job's own rows say is
// not stored a second time, so that a job which just runs writes no event at all: that it was
// queued (event 1), that it began (event 2, when nothing came before), and how it ended (the last).
#pragma once

#include "engine/jobs/model.h"
#include "infra/sql/database.h"

namespace afterresume::jobs {

struct NewEvent {
    Timestamp at;
    Level level = Level::info;
    Source source = Source::system;
    std::string message;
    JsonObject data;
    // Set when the event says how far the job is, 0 to 100.
    std::optional<std::int16_t> progress = std::nullopt;
};

// The transaction must hold the job (hold() of claims.h, or its own change of the job's hot row):
// the number is one past the last.
void append_event(sql::Tx& tx, TenantId tenant, const JobId& job, const NewEvent& event);

struct EventView {
    std::int64_t seq = 0;
    Timestamp timestamp;
    Level level = Level::info;
    Source source = Source::system;
    std::string message;
    JsonObject data;
};
BOOST_DESCRIBE_STRUCT(EventView, (), (seq, timestamp, level, source, message, data))

// What the rows of a job say of its events.
struct Milestones {
    TenantId tenant_id;
    UserId user_id;
    Timestamp created_at;
    std::optional<Timestamp> started_at;
    // Once it has ended.
    std::optional<Status> status;
    std::optional<Timestamp> finished_at;
    std::optional<Failure> error;
    // The numbers of the first and the last event that is stored; 1 when none is.
    std::int64_t first_stored = 1;
    std::int64_t last_stored = 1;
};
BOOST_DESCRIBE_STRUCT(
    Milestones, (),
    (tenant_id, user_id, created_at, started_at, status, finished_at, error, first_stored,
     last_stored)
)
Task<std::optional<Milestones>> find_milestones(sql::Tx& tx, JobId id);
// For whoever takes them out of the rows of a job that had ended: they are stored from now on.
void write_down(sql::Tx& tx, const JobId& job, const Milestones& known);

struct Told {
    std::vector<EventView> events;
    // The job has ended and these are the last.
    bool over = false;
};
// The events numbered after `after`, at most `limit`. The milestones were read before, in the same
// transaction.
Task<Told> read_timeline(
    sql::Tx& tx, JobId id, Milestones known, std::int64_t after, std::int64_t limit
);

}  // namespace afterresume::jobs
