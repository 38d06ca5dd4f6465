// Turns slots into jobs: what every node does when a schedule has come due. The schedule's row is
// locked while it is decided, and the slot's row is unique, so that no slot gets two jobs.
#pragma once

#include "engine/jobs/queue.h"
#include "engine/orchestration/rights.h"
#include "engine/schedules/model.h"
#include "infra/observability/log.h"

namespace afterresume::schedules {

struct Occasion {
    Timestamp slot;
    // Asked for by a person at this moment, which is no slot.
    bool by_hand = false;
};

// Decides about one occasion as the overlap policy says, and writes it down. The transaction must
// hold the schedule's row, and `owner` be who it belongs to. An occasion that was decided before
// comes back as it is there, and nothing happens.
Task<Decision> fire(
    sql::Tx& tx, jobs::Queue& queue, jobs::Doorbell& cancels, Scope owner, Schedule schedule,
    Occasion occasion, Timestamp now
);

// Removes decisions about slots before `before`; how many. For engine transactions.
Task<std::int64_t> forget_decisions(sql::Tx& tx, Timestamp before, std::int64_t most);

struct Times {
    // By the database's clock on PostgreSQL, by ours on SQLite.
    Timestamp now;
    // The slot that is due next, of all schedules.
    std::optional<Timestamp> next;
};
BOOST_DESCRIBE_STRUCT(Times, (), (now, next))

// Finds what has come due, in transactions of its own. Schedules whose type this program does not
// know are left to one that does. Owned by the scheduler.
class Firing {
public:
    Firing(
        sql::Database& database, const jobs::JobTypes& types, jobs::Queue& queue,
        jobs::Doorbell& cancels, orchestration::Rights& rights, observability::Log& log
    );

    Task<Times> look(Timestamp host);
    // Decides about one schedule that is due; whether there was one. Rows that others hold are
    // passed by. One that cannot be read is paused, and says so in its history.
    Task<bool> fire_one(Timestamp now);

private:
    Task<void> decide(sql::Tx& tx, OwnedSchedule schedule, Timestamp now);
    Task<Decision> fire_slot(
        sql::Tx& tx, const OwnedSchedule& schedule, Timestamp slot, Timestamp now
    );

    sql::Database& database_;
    const jobs::JobTypes& types_;
    jobs::Queue& queue_;
    jobs::Doorbell& cancels_;
    orchestration::Rights& rights_;
    observability::Log& log_;
    sql::JsonText names_;
};

}  // namespace afterresume::schedules
