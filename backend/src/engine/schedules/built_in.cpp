#include "engine/schedules/built_in.h"

#include "engine/schedules/cron.h"

namespace afterresume::schedules {

namespace {

// A time that is still right is left alone, so that a restart moves nothing.
constexpr sql::Statement put_built_in{"schedules.put_built_in", R"sql(
    INSERT INTO schedule (id, tenant_id, user_id, name, job_type, cron, time_zone, payload, enabled, missed, overlap,
                          next_run_at, version, created_at, updated_at)
    VALUES (:id, 0, 0, :name, :job_type, :cron, :time_zone, :payload, :enabled, :missed, :overlap,
            :next_run_at, 1, :created_at, :updated_at)
    ON CONFLICT (tenant_id, user_id, name) DO UPDATE
    SET cron = excluded.cron, updated_at = excluded.updated_at, version = schedule.version + 1,
        next_run_at = CASE WHEN schedule.enabled THEN excluded.next_run_at END
    WHERE schedule.cron <> excluded.cron)sql"};

}  // namespace

Task<void> install(sql::Tx& tx, std::vector<BuiltIn> list, Timestamp now) {
    for (const auto& one : list) {
        Schedule made;
        made.id = co_await tx.new_id<Schedule>();
        made.name = made.job_type = one.job_type;
        made.cron = one.cron;
        made.time_zone = "UTC";
        made.created_at = made.updated_at = now;
        made.next_run_at = next_time(Cron::parse(one.cron), made.time_zone, now);
        tx.defer(put_built_in, made);
    }
}

}  // namespace afterresume::schedules
