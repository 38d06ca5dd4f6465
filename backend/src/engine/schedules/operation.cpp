#include "engine/schedules/operation.h"

#include "core/list_more.h"
#include "core/scope_mint.h"

namespace afterresume::schedules {

using sql::named;

namespace {

// Names the owner and grants nothing: what an operator does asks for no right of the owner's.
Scope in_place_of(const OperatedSchedule& schedule) {
    Identity owner;
    owner.tenant = schedule.tenant_id;
    owner.user = schedule.user_id;
    return ScopeMint::mint(owner);
}

}  // namespace

Task<Page<OperatedSchedule>> Operation::list(
    sql::Tx& tx, std::optional<std::string> cursor, std::int64_t page_size
) {
    static constexpr sql::Statement statement{"schedules.list_all", R"sql(
        SELECT id, tenant_id, user_id, job_type, cron, time_zone, enabled, missed, overlap, last_run_at, next_run_at,
               created_at, updated_at
        FROM schedule WHERE id > :after ORDER BY id LIMIT :limit)sql"};
    auto rows = co_await tx.all<OperatedSchedule>(
        statement, named("after", place_of(cursor)), named("limit", page_size + 1)
    );
    co_return cut_by_id(std::move(rows), page_size);
}

Task<OperatedSchedule> Operation::get(sql::Tx& tx, Id<Schedule> id) {
    static constexpr sql::Statement statement{"schedules.get_any", R"sql(
        SELECT id, tenant_id, user_id, job_type, cron, time_zone, enabled, missed, overlap, last_run_at, next_run_at,
               created_at, updated_at
        FROM schedule WHERE id = :id)sql"};
    auto found = co_await tx.find<OperatedSchedule>(statement, named("id", id));
    if (!found) throw Error::not_found("schedule");
    co_return std::move(*found);
}

Task<void> Operation::pause(sql::Tx& tx, OperatedSchedule schedule) {
    co_await schedules_.pause(tx, in_place_of(schedule), schedule.id);
}

Task<void> Operation::resume(sql::Tx& tx, OperatedSchedule schedule) {
    co_await schedules_.resume(tx, in_place_of(schedule), schedule.id);
}

Task<Uuid> Operation::run_now(sql::Tx& tx, OperatedSchedule schedule) {
    auto owner = co_await rights_.find(schedule.tenant_id, schedule.user_id);
    if (!owner)
        throw Error(
            ErrorKind::conflict, "schedule.permission_lost",
            "Its owner may not have it done any more."
        );
    co_return co_await schedules_.run_now(tx, ScopeMint::mint(*owner), schedule.id);
}

}  // namespace afterresume::schedules
