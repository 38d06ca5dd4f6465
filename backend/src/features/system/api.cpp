#include "features/system/api.h"

#include "features/auditing/api.h"

namespace afterresume::system {

namespace {

Operator operator_of(http::Call& call) {
    return {call.scope().user(), auditing::origin_of(call), call.correlation()};
}

}  // namespace

http::Routes Api::routes() {
    http::Routes all{
        get("/system/overview/", "See how much waits, what became of the last hour, and who works",
            Permission::read, &Api::overview),
        get("/system/jobs/", "List jobs of all tenants, newest first", Permission::read,
            &Api::list_jobs),
        get("/system/jobs/{id}/", "Read any job with its steps", Permission::read, &Api::read_job),
        get("/system/jobs/{id}/events/", "Read any job's events without their texts",
            Permission::read, &Api::list_events),
        post("/system/jobs/{id}/cancel/", "Cancel any job", Permission::write, &Api::cancel_job),
        post(
            "/system/jobs/{id}/retry/", "Try any failed job again", Permission::write,
            &Api::retry_job
        ),
        get("/system/workers/", "List the worker processes", Permission::read, &Api::list_workers),
        get("/system/schedules/", "List schedules of all tenants", Permission::read,
            &Api::list_schedules),
        post(
            "/system/schedules/{id}/run/", "Have any schedule's job done now", Permission::write,
            &Api::run_schedule
        ),
        post(
            "/system/schedules/{id}/pause/", "Pause any schedule", Permission::write,
            &Api::pause_schedule
        ),
        post(
            "/system/schedules/{id}/resume/", "Let any paused schedule go on", Permission::write,
            &Api::resume_schedule
        ),
        get("/system/flags/", "List what is switched", Permission::read, &Api::list_flags),
        post(
            "/system/flags/", "Switch a flag on or off, for all or for one tenant",
            Permission::write, &Api::switch_flag
        ),
        get("/system/limits/", "List tenants that are limited", Permission::read,
            &Api::list_limits),
        post(
            "/system/limits/", "Limit a tenant by a plan, or by figures of its own",
            Permission::write, &Api::set_limits
        ),
        get("/system/acts/", "List what operators did, newest first", Permission::read,
            &Api::list_acts),
    };
    for (auto& route : all) route = std::move(route).for_staff();
    return all;
}

Task<Overview> Api::overview(http::Call& call) { co_return co_await system_.overview(call.tx()); }

Task<JobPage> Api::list_jobs(http::Call& call, ListJobs query) {
    co_return co_await system_.list_jobs(call.tx(), std::move(query));
}

Task<Job> Api::read_job(http::Call& call, Uuid id) {
    co_return co_await system_.get_job(call.tx(), id);
}

Task<EventPage> Api::list_events(http::Call& call, Uuid id, ListEvents query) {
    co_return co_await system_.list_events(call.tx(), id, query.after);
}

Task<JobNow> Api::cancel_job(http::Call& call, Uuid id) {
    co_return co_await system_.cancel_job(call.tx(), operator_of(call), id);
}

Task<JobNow> Api::retry_job(http::Call& call, Uuid id) {
    co_return co_await system_.retry_job(call.tx(), operator_of(call), id);
}

Task<Workers> Api::list_workers(http::Call& call) {
    co_return co_await system_.list_workers(call.tx());
}

Task<SchedulePage> Api::list_schedules(http::Call& call, ListMore query) {
    co_return co_await system_.list_schedules(call.tx(), std::move(query));
}

Task<JobNow> Api::run_schedule(http::Call& call, Id<schedules::Schedule> id) {
    co_return co_await system_.run_schedule(call.tx(), operator_of(call), id);
}

Task<schedules::OperatedSchedule> Api::pause_schedule(
    http::Call& call, Id<schedules::Schedule> id
) {
    co_return co_await system_.pause_schedule(call.tx(), operator_of(call), id);
}

Task<schedules::OperatedSchedule> Api::resume_schedule(
    http::Call& call, Id<schedules::Schedule> id
) {
    co_return co_await system_.resume_schedule(call.tx(), operator_of(call), id);
}

Task<FlagList> Api::list_flags(http::Call& call) {
    co_return co_await system_.list_flags(call.tx());
}

Task<FlagList> Api::switch_flag(http::Call& call, SwitchFlag wanted) {
    co_return co_await system_.switch_flag(call.tx(), operator_of(call), wanted);
}

Task<LimitList> Api::list_limits(http::Call& call) {
    co_return co_await system_.list_limits(call.tx());
}

Task<LimitList> Api::set_limits(http::Call& call, SetLimits wanted) {
    co_return co_await system_.set_limits(call.tx(), operator_of(call), std::move(wanted));
}

Task<ActPage> Api::list_acts(http::Call& call, ListMore query) {
    co_return co_await system_.list_acts(call.tx(), std::move(query));
}

}  // namespace afterresume::system
