// The steps of a job as its requester and operators read them: those that are kept, those that its
// events tell of, and those that its workflow plans.
#pragma once

#include "core/describe/notes.h"
#include "engine/jobs/job_types.h"
#include "infra/sql/database.h"

namespace afterresume::jobs {

enum class StepStatus : std::uint8_t {
    // Not begun.
    planned,
    running,
    // Kept: it is not done again.
    finished,
    // Its last try failed.
    failed,
    // Its attempt ended before it did.
    interrupted,
};
BOOST_DESCRIBE_ENUM(StepStatus, planned, running, finished, failed, interrupted)

struct StepView {
    std::string name;
    StepStatus status = StepStatus::planned;
    std::int64_t attempts = 0;
    std::optional<Timestamp> started_at = std::nullopt;
    std::optional<Timestamp> finished_at = std::nullopt;
    std::optional<std::int64_t> duration_ms = std::nullopt;
    std::int64_t cost = 0;
};
BOOST_DESCRIBE_STRUCT(
    StepView, (), (name, status, attempts, started_at, finished_at, duration_ms, cost)
)

constexpr auto notes(StepView*) {
    using namespace describe;
    return std::tuple{
        note(&StepView::name, "As the workflow names it; its parts are name/0, name/1…"),
        note(
            &StepView::status,
            "finished ones are done once for all; interrupted ones were begun by an attempt that "
            "has ended, planned ones not yet"
        ),
        note(&StepView::attempts, "How often it was tried"),
        note(&StepView::started_at, "When it was begun, by the last attempt that did"),
        note(&StepView::finished_at, "When it was done, or failed"),
        note(&StepView::cost, "Micro-units"),
    };
}

// What the database holds of a step: a row of it, or an event that concerns it.
enum class StepNews : std::uint8_t {
    started,
    retry_requested,
    step_started,
    step_retry,
    step_failed,
    step_finished,
    kept,
};
BOOST_DESCRIBE_ENUM(
    StepNews, started, retry_requested, step_started, step_retry, step_failed, step_finished, kept
)

struct StepRow {
    StepNews news = StepNews::kept;
    // Empty where the event is about the whole job.
    std::string name;
    Timestamp at;
    // Of what is kept.
    std::optional<Timestamp> started_at;
    std::int64_t cost = 0;
};
BOOST_DESCRIBE_STRUCT(StepRow, (), (news, name, at, started_at, cost))

// In the order in which they began; planned ones last, in theirs. `running` says whether the job
// is.
std::vector<StepView> steps_of(
    const std::vector<StepRow>& rows, const std::vector<std::string>& planned, bool running
);

// Whose steps are looked at.
struct StepsOf {
    TenantId tenant;
    JobId job;
    std::int64_t generation = 1;
    std::string type;
    Status status = Status::queued;
};
// Those of the generation, as steps_of() has them.
Task<std::vector<StepView>> view_steps(sql::Tx& tx, const JobTypes& types, StepsOf whose);

}  // namespace afterresume::jobs
