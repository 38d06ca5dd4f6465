// Schedules as operators see them and act on them, across tenants: metadata only, without names and
// payloads. For engine transactions. Owned by app/; service and rights must outlive it.
#pragma once

#include "engine/orchestration/rights.h"
#include "engine/schedules/service.h"

namespace afterresume::schedules {

struct OperatedSchedule {
    Id<Schedule> id;
    TenantId tenant_id;
    UserId user_id;
    std::string job_type;
    std::string cron;
    std::string time_zone;
    bool enabled = true;
    Missed missed = Missed::once;
    Overlap overlap = Overlap::skip;
    std::optional<Timestamp> last_run_at;
    std::optional<Timestamp> next_run_at;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(
    OperatedSchedule, (),
    (id, tenant_id, user_id, job_type, cron, time_zone, enabled, missed, overlap, last_run_at,
     next_run_at, created_at, updated_at)
)

class Operation {
public:
    Operation(Service& schedules, orchestration::Rights& rights)
        : schedules_(schedules), rights_(rights) {}

    // In the order of their making. Error invalid "request.bad_cursor".
    Task<Page<OperatedSchedule>> list(
        sql::Tx& tx, std::optional<std::string> cursor, std::int64_t page_size
    );
    // Error not_found.
    Task<OperatedSchedule> get(sql::Tx& tx, Id<Schedule> id);
    // As its owner could: see service.h.
    Task<void> pause(sql::Tx& tx, OperatedSchedule schedule);
    Task<void> resume(sql::Tx& tx, OperatedSchedule schedule);
    // The job, on behalf of the owner. Error conflict "schedule.permission_lost" where that one may
    // not have it done any more.
    Task<Uuid> run_now(sql::Tx& tx, OperatedSchedule schedule);

private:
    Service& schedules_;
    orchestration::Rights& rights_;
};

}  // namespace afterresume::schedules
