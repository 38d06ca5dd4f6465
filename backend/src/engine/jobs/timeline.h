// The events of a job: append-only, numbered 1, 2, 3… without gaps. Event 1, "queued", is not
// stored: it is read from the job's header, so that enqueueing writes one row less.
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

}  // namespace afterresume::jobs
