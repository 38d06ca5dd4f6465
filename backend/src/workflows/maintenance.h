// What the program does for itself at night: nothing is kept longer than it has to be. Everything
// goes in small bites, each a transaction of its own, and may be done again.
#pragma once

#include "engine/jobs/queue.h"
#include "engine/orchestration/workflow.h"
#include "features/tenants/service.h"

#include <functional>

namespace afterresume::workflows {

struct NoArgs {};
BOOST_DESCRIBE_STRUCT(NoArgs, (), ())

struct CleanupResult {
    // Jobs removed one by one, and weeks of jobs dropped whole.
    std::int64_t jobs = 0;
    std::vector<std::string> weeks;
    std::int64_t decisions = 0;
    // Of unique jobs whose period is over.
    std::int64_t keys = 0;
    std::int64_t sessions = 0;
    // Of refresh tokens, emptied.
    std::int64_t successors = 0;
    // That nobody finished in time.
    std::int64_t sign_ups = 0;
    std::int64_t tenants = 0;
};
BOOST_DESCRIBE_STRUCT(
    CleanupResult, (), (jobs, weeks, decisions, keys, sessions, successors, sign_ups, tenants)
)

// Weeks that went, and jobs beside; makes the weeks to come. Blocking. Null on SQLite.
struct DroppedWeeks {
    std::vector<std::string> weeks;
    std::int64_t jobs = 0;
};
using KeepWeeks = std::function<DroppedWeeks(Timestamp now, Timestamp before)>;

// What people have and no tenant: each removes or empties at most `most` that are over; how many.
struct Forget {
    using Bite = std::function<Task<std::int64_t>(sql::Tx& engine, std::int64_t most)>;
    Bite sessions;
    Bite successors;
    Bite sign_ups;
};

// The engine's own, sessions and sign-ups, and then a `maintenance.purge` for each tenant that had
// none in this night.
class MaintenanceCleanup : public orchestration::WorkflowOf<NoArgs> {
public:
    MaintenanceCleanup(
        sql::Database& database, jobs::Queue& queue, tenants::Service& tenants,
        KeepWeeks keep_weeks, Forget forget, std::chrono::days retention, const Clock& clock
    )
        : database_(database),
          queue_(queue),
          tenants_(tenants),
          keep_weeks_(std::move(keep_weeks)),
          forget_(std::move(forget)),
          retention_(retention),
          clock_(clock) {}

protected:
    Task<void> run(orchestration::Run& run, NoArgs args) override;

private:
    Task<void> remove_jobs(orchestration::Run& run, CleanupResult& result);
    Task<void> send_to_tenants(orchestration::Run& run, CleanupResult& result);

    sql::Database& database_;
    jobs::Queue& queue_;
    tenants::Service& tenants_;
    KeepWeeks keep_weeks_;
    Forget forget_;
    std::chrono::days retention_;
    const Clock& clock_;
};

// One kind of thing that a tenant keeps too long: removes at most `most`, and says how many.
struct Purge {
    std::string what;
    std::function<Task<std::int64_t>(sql::Tx& tx, const Scope& scope, std::int64_t most)> bite;
};

struct PurgeResult {
    std::map<std::string, std::int64_t> removed;
};
BOOST_DESCRIBE_STRUCT(PurgeResult, (), (removed))

class MaintenancePurge : public orchestration::WorkflowOf<NoArgs> {
public:
    explicit MaintenancePurge(std::vector<Purge> purges) : purges_(std::move(purges)) {}

protected:
    Task<void> run(orchestration::Run& run, NoArgs args) override;

private:
    std::vector<Purge> purges_;
};

}  // namespace afterresume::workflows
