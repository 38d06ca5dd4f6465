// Operators at work, across tenants: they see metadata, and every act leaves a row in its own
// transaction. Takes transactions of the engine; begins and commits none, but for reading a job.
// Owned by app/.
#pragma once

#include "core/list_more.h"
#include "core/version.h"
#include "features/auditing/service.h"
#include "features/system/batch_schema.h"
#include "features/system/flags.h"
#include "features/system/queues_schema.h"
#include "features/system/schema.h"
#include "features/system/switches_schema.h"

namespace afterresume::system {

// Who acts, and from where.
struct Operator {
    Scope scope;
    auditing::Origin origin;

    UserId user() const { return scope.user(); }
};

class Service {
public:
    struct Parts {
        sql::Database& database;
        const jobs::JobTypes& types;
        schedules::Operation& schedules;
        // Ring when a job is ready again, and when a running one was asked to stop.
        jobs::Doorbell& doorbell;
        jobs::Doorbell& cancels;
        Flags& flags;
        tenants::Quotas& quotas;
        tenants::Administration& tenants;
        auditing::Service& audit;
        const Clock& clock;
    };
    explicit Service(Parts parts)
        : database_(parts.database),
          types_(parts.types),
          schedules_(parts.schedules),
          doorbell_(parts.doorbell),
          cancels_(parts.cancels),
          flags_(parts.flags),
          quotas_(parts.quotas),
          tenants_(parts.tenants),
          audit_(parts.audit),
          clock_(parts.clock) {}

    Task<Overview> overview(sql::Tx& tx);
    // Newest first.
    Task<JobPage> list_jobs(sql::Tx& tx, ListJobs query);
    Task<Job> get_job(sql::Tx& tx, jobs::JobId id);
    // The same in transactions of its own, and what is in it, where the operator has broken the
    // glass of its tenant: each such look is told to the tenant.
    Task<Job> read_job(Operator by, jobs::JobId id);
    Task<EventPage> list_events(sql::Tx& tx, jobs::JobId id, std::int64_t after);
    // Errors as for the job's requester: conflict "job.finished", "job.not_failed".
    Task<JobNow> cancel_job(sql::Tx& tx, Operator by, jobs::JobId id);
    Task<JobNow> retry_job(sql::Tx& tx, Operator by, jobs::JobId id);

    // Up to a thousand, each taken or refused by itself, and one act. Throws Error(invalid) for ids
    // beside a filter, and for neither.
    Task<ChangedJobs> change_jobs(sql::Tx& tx, Operator by, ChangeJobs wanted);

    // For this operator and one tenant, whose trail tells of it as of all that follows. Throws
    // Error: not_found; conflict ("system.break_glass_open") while they have one of it open.
    Task<BreakGlass> open_break_glass(sql::Tx& tx, Operator by, OpenBreakGlass wanted);
    // At once, whoever opened it. Throws Error: not_found; precondition; conflict
    // ("system.break_glass_over").
    Task<void> end_break_glass(sql::Tx& tx, Operator by, Id<BreakGlass> id, Match match);
    // Throws Error(not_found).
    Task<BreakGlass> get_break_glass(sql::Tx& tx, Id<BreakGlass> id);
    // Everybody's, open or over, newest first.
    Task<BreakGlassPage> list_break_glass(sql::Tx& tx, afterresume::ListMore query);

    Task<Workers> list_workers(sql::Tx& tx);

    Task<QueueList> list_queues(sql::Tx& tx);
    // What runs goes on, and jobs may be enqueued. Throws Error(not_found) for a name that no queue
    // has.
    Task<QueueList> pause_queue(sql::Tx& tx, Operator by, std::string name);
    Task<QueueList> resume_queue(sql::Tx& tx, Operator by, std::string name);
    // Of one tenant in a queue.
    Task<QueueList> set_share(sql::Tx& tx, Operator by, std::string name, SetShare wanted);

    Task<SchedulePage> list_schedules(sql::Tx& tx, ListMore query);
    // The job that it began.
    Task<JobNow> run_schedule(sql::Tx& tx, Operator by, Id<schedules::Schedule> id);
    Task<schedules::OperatedSchedule> pause_schedule(
        sql::Tx& tx, Operator by, Id<schedules::Schedule> id
    );
    Task<schedules::OperatedSchedule> resume_schedule(
        sql::Tx& tx, Operator by, Id<schedules::Schedule> id
    );

    Task<FlagList> list_flags(sql::Tx& tx);
    // All nodes know within a second. Throws Error(conflict, "system.always_on") for switching off
    // what the settings switch on.
    Task<FlagList> switch_flag(sql::Tx& tx, Operator by, SwitchFlag wanted);

    // Of tenants that are limited.
    Task<LimitList> list_limits(sql::Tx& tx);
    // In place of what was set before. Throws Error(invalid) for a plan that there is not.
    Task<LimitList> set_limits(sql::Tx& tx, Operator by, SetLimits wanted);

    // Newest first.
    Task<ActPage> list_acts(sql::Tx& tx, ListMore query);
    // The audit trail of all tenants, newest first; whoever reads it is written down.
    Task<TrailPage> list_trail(sql::Tx& tx, Operator by, auditing::ListTrail query);

private:
    Task<jobs::Taken> change_one(sql::Tx& tx, JobsOp op, jobs::JobId id);
    // Nothing where that has become over.
    Task<std::optional<JobContent>> look_into(Operator by, BreakGlass glass, jobs::JobId id);
    void record(sql::Tx& tx, const Operator& by, Act act, TenantId tenant, std::string subject);
    // Records it, and tells the tenant.
    Task<void> tell(
        sql::Tx& tx, const Operator& by, Act act, const BreakGlass& glass,
        std::optional<jobs::JobId> job = std::nullopt
    );

    Repository acts_;
    sql::Database& database_;
    const jobs::JobTypes& types_;
    schedules::Operation& schedules_;
    jobs::Doorbell& doorbell_;
    jobs::Doorbell& cancels_;
    Flags& flags_;
    tenants::Quotas& quotas_;
    tenants::Administration& tenants_;
    auditing::Service& audit_;
    const Clock& clock_;
};

}  // namespace afterresume::system
