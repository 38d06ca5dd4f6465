#include "features/system/service.h"

namespace afterresume::system {

namespace {

constexpr std::int64_t events_at_once = 500;

std::string text_of(Id<schedules::Schedule> id) { return std::to_string(id.value); }

std::string subject_of(const auditing::ListTrail& query) {
    return query.user_id ? fmt::format("audit of user {}", query.user_id->value) : "audit";
}

}  // namespace

Task<Overview> Service::overview(sql::Tx& tx) {
    Overview now;
    now.queues = co_await jobs::list_depths(tx);
    now.last_hour = co_await jobs::tally_since(tx, clock_.now() - std::chrono::hours(1));
    auto workers = co_await jobs::list_workers(tx);
    now.workers = std::ssize(workers);
    co_return now;
}

Task<JobPage> Service::list_jobs(sql::Tx& tx, ListJobs query) {
    auto page = co_await jobs::list_all_jobs(
        tx,
        {query.tenant_id, query.status, std::move(query.type), query.queue, std::move(query.code),
         query.state, query.from, query.to, std::move(query.cursor), query.page_size}
    );
    co_return JobPage{std::move(page.items), std::move(page.next_cursor)};
}

Task<Job> Service::get_job(sql::Tx& tx, jobs::JobId id) {
    Job job{co_await jobs::get_any_job(tx, id), {}, {}, {}, {}};
    job.steps = co_await jobs::list_any_steps(tx, types_, job);
    job.parents = co_await jobs::list_parents(tx, job.tenant_id, id);
    job.children = co_await jobs::list_children(tx, job.tenant_id, id);
    co_return job;
}

Task<EventPage> Service::list_events(sql::Tx& tx, jobs::JobId id, std::int64_t after) {
    co_await jobs::get_any_job(tx, id);
    EventPage page{co_await jobs::list_any_events(tx, id, after, events_at_once), std::nullopt};
    if (static_cast<std::int64_t>(page.items.size()) == events_at_once)
        page.next_cursor = std::to_string(page.items.back().seq);
    co_return page;
}

Task<JobNow> Service::cancel_job(sql::Tx& tx, Operator by, jobs::JobId id) {
    auto job = co_await jobs::get_any_job(tx, id);
    auto status = co_await jobs::cancel_any(tx, id, cancels_, clock_.now());
    record(tx, by, Act::cancel_job, job.tenant_id, id.text());
    co_return JobNow{id, status};
}

Task<JobNow> Service::retry_job(sql::Tx& tx, Operator by, jobs::JobId id) {
    auto job = co_await jobs::get_any_job(tx, id);
    co_await jobs::retry_any(tx, id, doorbell_, clock_.now());
    record(tx, by, Act::retry_job, job.tenant_id, id.text());
    co_return JobNow{id};
}

Task<Workers> Service::list_workers(sql::Tx& tx) {
    co_return Workers{co_await jobs::list_workers(tx)};
}

Task<SchedulePage> Service::list_schedules(sql::Tx& tx, ListMore query) {
    auto page = co_await schedules_.list(tx, std::move(query.cursor), query.page_size);
    co_return SchedulePage{std::move(page.items), std::move(page.next_cursor)};
}

Task<JobNow> Service::run_schedule(sql::Tx& tx, Operator by, Id<schedules::Schedule> id) {
    auto schedule = co_await schedules_.get(tx, id);
    auto job = co_await schedules_.run_now(tx, schedule);
    record(tx, by, Act::run_schedule, schedule.tenant_id, text_of(id));
    co_return JobNow{job};
}

Task<schedules::OperatedSchedule> Service::pause_schedule(
    sql::Tx& tx, Operator by, Id<schedules::Schedule> id
) {
    auto schedule = co_await schedules_.get(tx, id);
    co_await schedules_.pause(tx, schedule);
    record(tx, by, Act::pause_schedule, schedule.tenant_id, text_of(id));
    co_return co_await schedules_.get(tx, id);
}

Task<schedules::OperatedSchedule> Service::resume_schedule(
    sql::Tx& tx, Operator by, Id<schedules::Schedule> id
) {
    auto schedule = co_await schedules_.get(tx, id);
    co_await schedules_.resume(tx, schedule);
    record(tx, by, Act::resume_schedule, schedule.tenant_id, text_of(id));
    co_return co_await schedules_.get(tx, id);
}

Task<FlagList> Service::list_flags(sql::Tx& tx) {
    FlagList out{co_await acts_.list_flags(tx), {}};
    for (auto flag : {Flag::maintenance, Flag::disable_sharing}) {
        if (flags_.is_always_on(flag)) out.always_on.push_back(flag);
    }
    co_return out;
}

Task<FlagList> Service::switch_flag(sql::Tx& tx, Operator by, SwitchFlag wanted) {
    if (!wanted.on && flags_.is_always_on(wanted.flag))
        throw Error(
            ErrorKind::conflict, "system.always_on",
            "The settings of this installation switch it on."
        );
    acts_.set_flag(tx, {wanted.flag, wanted.tenant_id, wanted.on, by.user(), clock_.now()});
    tx.after_commit([this] { flags_.forget(); });
    auto act = wanted.on ? Act::switch_flag_on : Act::switch_flag_off;
    auto name = std::string(describe::name_of(wanted.flag));
    record(tx, by, act, wanted.tenant_id.value_or(TenantId{0}), std::move(name));
    co_return co_await list_flags(tx);
}

Task<LimitList> Service::list_limits(sql::Tx& tx) {
    co_return LimitList{co_await quotas_.list_limits(tx)};
}

Task<LimitList> Service::set_limits(sql::Tx& tx, Operator by, SetLimits wanted) {
    const tenants::Limits& own = wanted;
    quotas_.set_limits(
        tx, {wanted.tenant_id, std::move(wanted.plan), own, by.user(), clock_.now()}
    );
    record(tx, by, Act::set_limits, wanted.tenant_id, "limits");
    co_return co_await list_limits(tx);
}

Task<ActPage> Service::list_acts(sql::Tx& tx, ListMore query) {
    auto page = co_await acts_.list(tx, jobs::place_of(query.cursor), query.page_size);
    co_return ActPage{std::move(page.items), std::move(page.next_cursor)};
}

Task<TrailPage> Service::list_trail(sql::Tx& tx, Operator by, auditing::ListTrail query) {
    TenantId tenant{query.tenant_id.value_or(0)};
    record(tx, by, Act::read_audit, tenant, subject_of(query));
    auto page = co_await auditing::list_trail(tx, query);
    co_return TrailPage{std::move(page.items), std::move(page.next_cursor)};
}

void Service::record(
    sql::Tx& tx, const Operator& by, Act act, TenantId tenant, std::string subject
) {
    auto now = clock_.now();
    acts_.insert(
        tx, {Uuid::at(now.time_since_epoch().count()), by.user(), act, tenant, std::move(subject),
             by.origin.address, by.origin.user_agent.substr(0, 300), by.scope.correlation(), now}
    );
}

}  // namespace afterresume::system
