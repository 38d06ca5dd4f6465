// Schedules as their owners handle them. Everybody sees and changes their own only. Begins and
// commits nothing. Owned by app/; what it is made of must outlive it.
#pragma once

#include "core/version.h"
#include "engine/jobs/queue.h"
#include "engine/schedules/schema.h"

namespace afterresume::schedules {

// More a user may not have.
inline constexpr std::int64_t most_of_a_user = 50;

// Where a page begins that follows one whose cursor this is: schedules after it are on it. Error
// invalid "request.bad_cursor".
std::int64_t place_of(const std::optional<std::string>& cursor);

class Service {
public:
    // `bell` wakes the scheduler of this process when a next run has moved; `cancels` rings when a
    // running job was asked to stop.
    Service(
        const jobs::JobTypes& types, jobs::Queue& queue, jobs::Doorbell& bell,
        jobs::Doorbell& cancels, const Clock& clock
    )
        : types_(types), queue_(queue), bell_(bell), cancels_(cancels), clock_(clock) {}

    // Throws Error: invalid "schedule.bad_cron", "schedule.never", "schedule.unknown_time_zone",
    // "schedule.not_schedulable" for a type that is none or not for people, "request.invalid" for a
    // payload that its type does not take; conflict "schedule.name_taken"; quota_exceeded
    // "schedule.too_many".
    Task<Schedule> create(sql::Tx& tx, Scope scope, CreateSchedule wanted);
    Task<Schedule> get(sql::Tx& tx, Scope scope, Id<Schedule> id);
    // In the order of their making.
    Task<SchedulePage> list(sql::Tx& tx, Scope scope, ListSchedules query);
    // The same errors as create().
    Task<Schedule> edit(
        sql::Tx& tx, Scope scope, Id<Schedule> id, Match match, EditSchedule change
    );
    // With its history; jobs that it began go on.
    Task<void> remove(sql::Tx& tx, Scope scope, Id<Schedule> id, Match match);
    // No slot passes while it is paused: what would have been is not missed.
    Task<Schedule> pause(sql::Tx& tx, Scope scope, Id<Schedule> id);
    Task<Schedule> resume(sql::Tx& tx, Scope scope, Id<Schedule> id);
    // The job. Throws Error(conflict, "schedule.still_running") where the overlap policy lets no
    // second one begin.
    Task<Uuid> run_now(sql::Tx& tx, Scope scope, Id<Schedule> id);
    // Newest first.
    Task<DecisionPage> history(sql::Tx& tx, Scope scope, Id<Schedule> id, ListSchedules query);

private:
    void check_payload(const std::string& type, const JsonObject& payload) const;
    Task<Schedule> lock(sql::Tx& tx, Scope scope, Id<Schedule> id);
    Task<Schedule> set_enabled(sql::Tx& tx, Scope scope, Id<Schedule> id, bool enabled);
    void store(sql::Tx& tx, const Scope& scope, Schedule& schedule);

    const jobs::JobTypes& types_;
    jobs::Queue& queue_;
    jobs::Doorbell& bell_;
    jobs::Doorbell& cancels_;
    const Clock& clock_;
};

}  // namespace afterresume::schedules
