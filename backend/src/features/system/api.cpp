#include "features/system/api.h"

#include "features/accounts/service.h"
#include "features/auditing/api.h"

#include <algorithm>
#include <iterator>

namespace afterresume::system {

namespace {

Operator operator_of(http::Call& call) { return {call.scope(), auditing::origin_of(call)}; }

// Who does not only look. Throws Error(forbidden).
Task<Operator> acting(http::Call& call) {
    co_await accounts::require_operating(call.tx(), call.scope());
    co_return operator_of(call);
}

}  // namespace

http::Routes Api::routes() {
    auto all = of_jobs();
    std::ranges::move(of_break_glass(), std::back_inserter(all));
    std::ranges::move(of_queues_and_schedules(), std::back_inserter(all));
    std::ranges::move(of_switches(), std::back_inserter(all));
    for (auto& route : all) route = std::move(route).for_staff();
    return all;
}

http::Routes Api::of_jobs() {
    return {
        get("/system/overview/", "See how much waits, what became of the last hour, and who works",
            Permission::read, &Api::overview),
        get("/system/jobs/", "List jobs of all tenants, newest first", Permission::read,
            &Api::list_jobs),
        get("/system/jobs/{id}/",
            "Read any job with its steps: finished, running and planned; and what is in it if you "
            "broke the glass of its tenant",
            Permission::read, &Api::read_job)
            .in(http::Transaction::none),
        get("/system/jobs/{id}/events/", "Read any job's events without their texts",
            Permission::read, &Api::list_events),
        post("/system/jobs/{id}/cancel/", "Cancel any job", Permission::write, &Api::cancel_job),
        post(
            "/system/jobs/{id}/retry/", "Try any failed job again", Permission::write,
            &Api::retry_job
        ),
        post(
            "/system/jobs/batch/", "Cancel many jobs of any tenants, or try them again",
            Permission::write, &Api::change_jobs
        ),
        get("/system/workers/", "List the worker processes", Permission::read, &Api::list_workers),
    };
}

http::Routes Api::of_break_glass() {
    return {
        get("/system/break-glass/", "List who saw into whose jobs, and may now, newest first",
            Permission::read, &Api::list_break_glass),
        post(
            "/system/break-glass/",
            "See into the jobs of a tenant, for a while and for a reason that its owners read",
            Permission::write, &Api::open_break_glass
        ),
        get("/system/break-glass/{id}/", "Read who may see into whose jobs, until when and why",
            Permission::read, &Api::read_break_glass),
        remove(
            "/system/break-glass/{id}/", "Let an operator see into the jobs of a tenant no longer",
            Permission::write, &Api::end_break_glass
        ),
    };
}

http::Routes Api::of_queues_and_schedules() {
    return {
        get("/system/queues/", "List the queues with what is in them", Permission::read,
            &Api::list_queues),
        post(
            "/system/queues/{queue}/pause/", "Have nothing of a queue begun", Permission::write,
            &Api::pause_queue
        ),
        post(
            "/system/queues/{queue}/resume/", "Let a paused queue go on", Permission::write,
            &Api::resume_queue
        ),
        post(
            "/system/queues/{queue}/tenants/", "Set a tenant's share of a queue, or pause it there",
            Permission::write, &Api::set_share
        ),
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
    };
}

http::Routes Api::of_switches() {
    return {
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
        get("/system/audit/", "Read the audit trail of all tenants, newest first", Permission::read,
            &Api::list_trail)
            .in(http::Transaction::write),
    };
}

Task<Overview> Api::overview(http::Call& call) { co_return co_await system_.overview(call.tx()); }

Task<JobPage> Api::list_jobs(http::Call& call, ListJobs query) {
    co_return co_await system_.list_jobs(call.tx(), std::move(query));
}

Task<Job> Api::read_job(http::Call& call, Uuid id) {
    co_return co_await system_.read_job(operator_of(call), id);
}

Task<EventPage> Api::list_events(http::Call& call, Uuid id, ListEvents query) {
    co_return co_await system_.list_events(call.tx(), id, query.after);
}

Task<JobNow> Api::cancel_job(http::Call& call, Uuid id) {
    co_return co_await system_.cancel_job(call.tx(), co_await acting(call), id);
}

Task<JobNow> Api::retry_job(http::Call& call, Uuid id) {
    co_return co_await system_.retry_job(call.tx(), co_await acting(call), id);
}

Task<ChangedJobs> Api::change_jobs(http::Call& call, ChangeJobs wanted) {
    co_return co_await system_.change_jobs(call.tx(), co_await acting(call), std::move(wanted));
}

Task<BreakGlassPage> Api::list_break_glass(http::Call& call, afterresume::ListMore query) {
    co_return co_await system_.list_break_glass(call.tx(), query);
}

Task<http::Created<BreakGlass>> Api::open_break_glass(http::Call& call, OpenBreakGlass wanted) {
    auto by = co_await acting(call);
    auto opened = co_await system_.open_break_glass(call.tx(), std::move(by), std::move(wanted));
    auto id = opened.id;
    auto version = opened.version;
    auto answer = http::created(std::move(opened), "/system/break-glass/{}/", id.value);
    answer.version = version;
    co_return answer;
}

Task<http::Versioned<BreakGlass>> Api::read_break_glass(http::Call& call, Id<BreakGlass> id) {
    auto glass = co_await system_.get_break_glass(call.tx(), id);
    auto version = glass.version;
    co_return http::Versioned<BreakGlass>{std::move(glass), version};
}

Task<http::NoContent> Api::end_break_glass(http::Call& call, Id<BreakGlass> id) {
    auto match = call.match();
    co_await system_.end_break_glass(call.tx(), co_await acting(call), id, match);
    co_return http::NoContent{};
}

Task<Workers> Api::list_workers(http::Call& call) {
    co_return co_await system_.list_workers(call.tx());
}

Task<QueueList> Api::list_queues(http::Call& call) {
    co_return co_await system_.list_queues(call.tx());
}

Task<QueueList> Api::pause_queue(http::Call& call, std::string queue) {
    co_return co_await system_.pause_queue(call.tx(), co_await acting(call), std::move(queue));
}

Task<QueueList> Api::resume_queue(http::Call& call, std::string queue) {
    co_return co_await system_.resume_queue(call.tx(), co_await acting(call), std::move(queue));
}

Task<QueueList> Api::set_share(http::Call& call, std::string queue, SetShare wanted) {
    co_return co_await system_.set_share(
        call.tx(), co_await acting(call), std::move(queue), std::move(wanted)
    );
}

Task<SchedulePage> Api::list_schedules(http::Call& call, ListMore query) {
    co_return co_await system_.list_schedules(call.tx(), std::move(query));
}

Task<JobNow> Api::run_schedule(http::Call& call, Id<schedules::Schedule> id) {
    co_return co_await system_.run_schedule(call.tx(), co_await acting(call), id);
}

Task<schedules::OperatedSchedule> Api::pause_schedule(
    http::Call& call, Id<schedules::Schedule> id
) {
    co_return co_await system_.pause_schedule(call.tx(), co_await acting(call), id);
}

Task<schedules::OperatedSchedule> Api::resume_schedule(
    http::Call& call, Id<schedules::Schedule> id
) {
    co_return co_await system_.resume_schedule(call.tx(), co_await acting(call), id);
}

Task<FlagList> Api::list_flags(http::Call& call) {
    co_return co_await system_.list_flags(call.tx());
}

Task<FlagList> Api::switch_flag(http::Call& call, SwitchFlag wanted) {
    co_return co_await system_.switch_flag(call.tx(), co_await acting(call), wanted);
}

Task<LimitList> Api::list_limits(http::Call& call) {
    co_return co_await system_.list_limits(call.tx());
}

Task<LimitList> Api::set_limits(http::Call& call, SetLimits wanted) {
    co_return co_await system_.set_limits(call.tx(), co_await acting(call), std::move(wanted));
}

Task<ActPage> Api::list_acts(http::Call& call, ListMore query) {
    co_return co_await system_.list_acts(call.tx(), std::move(query));
}

Task<TrailPage> Api::list_trail(http::Call& call, auditing::ListTrail query) {
    co_return co_await system_.list_trail(call.tx(), operator_of(call), query);
}

}  // namespace afterresume::system
