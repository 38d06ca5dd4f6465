#include "workflows/subscriptions.h"

#include "features/exports/events.h"
#include "features/profile/events.h"
#include "features/reporting/events.h"
#include "features/skills/events.h"
#include "features/worklog/events.h"

namespace afterresume::workflows {

namespace {

class Row {
public:
    Row(std::map<std::string, std::vector<FollowUp>>& table, std::string_view event)
        : follow_ups_(table[std::string(event)]) {}

    // A job whose payload is the event.
    Row& run(std::string type) {
        follow_ups_.push_back({std::move(type), jobs::Start::now, true});
        return *this;
    }
    // A job that is the same for all events of a user, begun at once or when things have calmed
    // down.
    Row& run_once(std::string type, jobs::Start start) {
        follow_ups_.push_back({std::move(type), start, false});
        return *this;
    }

private:
    std::vector<FollowUp>& follow_ups_;
};

template <class Event>
Row on(std::map<std::string, std::vector<FollowUp>>& table) {
    return Row(table, Event::event_name);
}

// A request's job stands at the beginning of a chain, a job's job further down.
jobs::Origin origin_of(const Scope& scope) {
    const auto& cause = scope.cause();
    auto origin = jobs::origin_of(scope);
    if (cause.job == Uuid{}) return origin;
    origin.trigger = jobs::Trigger::chain;
    origin.parent = cause.job;
    origin.root = cause.root;
    return origin;
}

struct Following {
    const Subscriptions& subscriptions;
    jobs::Queue& queue;
    jobs::RequireRoom require_room;
};

Task<std::vector<Uuid>> enqueue(
    const Following& following, sql::Tx& tx, const Scope& scope, std::string event, std::string data
) {
    std::vector<Uuid> ids;
    std::int64_t fresh = 0;
    for (const auto& next : following.subscriptions.of(event)) {
        jobs::NewJob job;
        job.type = next.job_type;
        if (next.with_event) job.payload = data;
        job.start = next.start;
        auto made = co_await following.queue.enqueue(tx, origin_of(scope), std::move(job));
        ids.push_back(made.id);
        fresh += made.fresh ? 1 : 0;
    }
    if (fresh > 0 && scope.cause().job == Uuid{}) co_await following.require_room(tx, scope, fresh);
    co_return ids;
}

}  // namespace

Subscriptions::Subscriptions(bool auto_chain) {
    using jobs::Start;
    on<worklog::EntryWritten>(table_).run("worklog.analyze");
    on<worklog::EntryEdited>(table_).run("worklog.analyze");
    on<worklog::EntryRemoved>(table_).run_once("skills.extract", Start::now);
    on<skills::RecomputeAsked>(table_).run_once("skills.extract", Start::now);
    on<reporting::ReportAsked>(table_).run("report.generate");
    on<exports::ExportAsked>(table_).run_once("tenant.export", Start::now);
    on<reporting::ResumeAsked>(table_).run_once("resume.refresh", Start::now);
    if (!auto_chain) return;
    on<worklog::EntryAnalysed>(table_).run_once("skills.extract", Start::now);
    on<skills::SkillsChanged>(table_).run_once("resume.refresh", Start::debounced);
    on<profile::ProfileChanged>(table_).run_once("resume.refresh", Start::debounced);
}

const std::vector<FollowUp>& Subscriptions::of(const std::string& event) const {
    static const std::vector<FollowUp> none;
    auto found = table_.find(event);
    return found == table_.end() ? none : found->second;
}

events::Follow follow(
    const Subscriptions& subscriptions, jobs::Queue& queue, jobs::RequireRoom require_room
) {
    Following following{subscriptions, queue, std::move(require_room)};
    return [following](sql::Tx& tx, const Scope& scope, const events::Event& event) {
        return enqueue(following, tx, scope, event.name, event.data);
    };
}

}  // namespace afterresume::workflows
