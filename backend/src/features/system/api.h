// The installation over HTTP, for those who operate it.
#pragma once

#include "features/system/service.h"
#include "infra/http/route.h"

namespace afterresume::system {

class Api : public http::Controller<Api> {
public:
    explicit Api(Service& system) : system_(system) {}
    http::Routes routes();

private:
    http::Routes of_jobs();
    http::Routes of_break_glass();
    http::Routes of_queues_and_schedules();
    // What operators switch and limit, and what they did.
    http::Routes of_switches();

    Task<Overview> overview(http::Call& call);
    Task<JobPage> list_jobs(http::Call& call, ListJobs query);
    Task<Job> read_job(http::Call& call, Uuid id);
    Task<EventPage> list_events(http::Call& call, Uuid id, ListEvents query);
    Task<JobNow> cancel_job(http::Call& call, Uuid id);
    Task<JobNow> retry_job(http::Call& call, Uuid id);
    Task<ChangedJobs> change_jobs(http::Call& call, ChangeJobs wanted);
    Task<BreakGlassPage> list_break_glass(http::Call& call, afterresume::ListMore query);
    Task<http::Created<BreakGlass>> open_break_glass(http::Call& call, OpenBreakGlass wanted);
    Task<http::Versioned<BreakGlass>> read_break_glass(http::Call& call, Id<BreakGlass> id);
    Task<http::NoContent> end_break_glass(http::Call& call, Id<BreakGlass> id);
    Task<Workers> list_workers(http::Call& call);
    Task<QueueList> list_queues(http::Call& call);
    Task<QueueList> pause_queue(http::Call& call, std::string queue);
    Task<QueueList> resume_queue(http::Call& call, std::string queue);
    Task<QueueList> set_share(http::Call& call, std::string queue, SetShare wanted);
    Task<SchedulePage> list_schedules(http::Call& call, ListMore query);
    Task<JobNow> run_schedule(http::Call& call, Id<schedules::Schedule> id);
    Task<schedules::OperatedSchedule> pause_schedule(http::Call& call, Id<schedules::Schedule> id);
    Task<schedules::OperatedSchedule> resume_schedule(http::Call& call, Id<schedules::Schedule> id);
    Task<FlagList> list_flags(http::Call& call);
    Task<FlagList> switch_flag(http::Call& call, SwitchFlag wanted);
    Task<LimitList> list_limits(http::Call& call);
    Task<LimitList> set_limits(http::Call& call, SetLimits wanted);
    Task<ActPage> list_acts(http::Call& call, ListMore query);
    Task<TrailPage> list_trail(http::Call& call, auditing::ListTrail query);

    Service& system_;
};

}  // namespace afterresume::system
