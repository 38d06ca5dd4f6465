#include "schedule_world.h"

#include "violations.h"

#include "embedded/migrations.h"
#include "engine/jobs/claims.h"

#include "engine/jobs/processes.h"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>

namespace afterresume::simulation {

using jobs::QueueName;
using jobs::Status;

namespace {

// One type for each schedule, so that its jobs can be told from others.
std::string type_of(Number number) { return fmt::format("a.of_{}", number); }

jobs::JobTypes scheduled_types() {
    jobs::JobTypes types;
    for (Number number = 0; number < most_schedules; ++number)
        types.add({.name = type_of(number), .schedulable = jobs::payload_as<schedules::Payload>()});
    return types;
}

std::string cron_of(std::chrono::minutes every) {
    return every == std::chrono::hours(1) ? "0 * * * *"
                                          : fmt::format("*/{} * * * *", every.count());
}

template <class T>
Task<T> committed(std::unique_ptr<sql::Tx> tx, std::function<Task<T>(sql::Tx&)> act) {
    std::exception_ptr failed;
    std::optional<T> value;
    try {
        value = co_await act(*tx);
        co_await tx->commit();
    } catch (...) {
        failed = std::current_exception();
    }
    if (!failed) co_return std::move(*value);
    // What is refused holds its schedule's row until then, and whoever fires passes by what is
    // held.
    co_await tx->rollback();
    std::rethrow_exception(failed);
}

}  // namespace

ScheduleWorld::ScheduleWorld(sql::Dialect dialect, const Clock& clock)
    : clock_(clock),
      scratch_(dialect, embedded::migrations()),
      types_(scheduled_types()),
      queue_(types_, clock, doorbell_),
      service_(types_, queue_, bell_, cancels_, clock),
      node_(scratch_.database(), types_, queue_, cancels_, rights_, log_),
      other_node_(scratch_.database(), types_, queue_, cancels_, rights_, log_) {
    scratch_.run(register_worker());
}

const Scope& ScheduleWorld::owner(bool alices) const {
    return alices ? scratch_.alice() : scratch_.bob();
}

template <class T>
T ScheduleWorld::as_owner(bool alices, Act<T> act) {
    auto tx = scratch_.database().begin(owner(alices), sql::Access::write);
    return scratch_.run(committed<T>(std::move(tx), std::move(act)));
}

Task<void> ScheduleWorld::register_worker() {
    auto tx = scratch_.database().begin_engine(sql::Access::write);
    jobs::register_worker(*tx, worker_, std::chrono::hours(10), {}, clock_.now());
    co_await tx->commit();
}

void ScheduleWorld::create(const Rhythm& rhythm) {
    schedules::CreateSchedule wanted;
    wanted.name = wanted.job_type = type_of(made_.size());
    wanted.cron = cron_of(rhythm.every);
    wanted.missed = rhythm.missed;
    wanted.overlap = rhythm.overlap;
    auto made = as_owner<schedules::Schedule>(rhythm.alices, [&](sql::Tx& tx) {
        return service_.create(tx, owner(rhythm.alices), wanted);
    });
    made_.push_back({made.id, rhythm.alices});
}

void ScheduleWorld::edit(Number number, const Rhythm& wanted) {
    schedules::EditSchedule change;
    change.cron = {cron_of(wanted.every)};
    change.missed = {wanted.missed};
    change.overlap = {wanted.overlap};
    const auto& made = made_[number];
    as_owner<schedules::Schedule>(made.alices, [&](sql::Tx& tx) {
        return service_.edit(tx, owner(made.alices), made.id, {}, change);
    });
}

void ScheduleWorld::set_enabled(Number number, bool enabled) {
    const auto& made = made_[number];
    as_owner<schedules::Schedule>(made.alices, [&](sql::Tx& tx) {
        const auto& scope = owner(made.alices);
        return enabled ? service_.resume(tx, scope, made.id) : service_.pause(tx, scope, made.id);
    });
}

void ScheduleWorld::allow(bool alices, bool allowed) {
    auto role = allowed ? Role::owner : Role::read_only;
    rights_.roles[owner(alices).user().value] = role;
}

Task<void> ScheduleWorld::fire_all(schedules::Firing& node, Timestamp now) {
    while (co_await node.fire_one(now)) {
    }
}

Task<void> ScheduleWorld::fire_on_both(Timestamp now) {
    using namespace boost::asio::experimental::awaitable_operators;
    co_await (fire_all(node_, now) && fire_all(other_node_, now));
}

void ScheduleWorld::fire(Timestamp now) { scratch_.run(fire_all(node_, now)); }
void ScheduleWorld::fire_twice(Timestamp now) { scratch_.run(fire_on_both(now)); }

std::string ScheduleWorld::run_now(Number number) {
    const auto& made = made_[number];
    try {
        auto id = as_owner<Uuid>(made.alices, [&](sql::Tx& tx) {
            return service_.run_now(tx, owner(made.alices), made.id);
        });
        auto jobs = scratch_.run(jobs_of(number));
        return fmt::format("job {}", std::ranges::find(jobs, id, &Found::id) - jobs.begin());
    } catch (const Error& error) {
        return error.code();
    }
}

Task<std::vector<jobs::Claimed>> ScheduleWorld::claim(std::string type) {
    jobs::ClaimRequest request{worker_, {QueueName::ai}, {type}, 1, clock_.now()};
    jobs::Claims claims;
    claims.more = true;
    while (claims.more && claims.jobs.empty()) {
        auto tx = scratch_.database().begin_engine(sql::Access::write);
        request.places = std::move(claims.places);
        claims = co_await jobs::claim(*tx, request);
        co_await tx->commit();
    }
    co_return std::move(claims.jobs);
}

void ScheduleWorld::begin(Number number) {
    for (auto& job : scratch_.run(claim(type_of(number))))
        made_[number].running.push_back(std::move(job));
}

Task<void> ScheduleWorld::write(jobs::Ending ending) {
    auto tx = scratch_.database().begin_engine(sql::Access::write);
    jobs::complete(*tx, {std::move(ending)}, clock_.now());
    co_await tx->commit();
}

void ScheduleWorld::end(Number number, Status status) {
    auto& running = made_[number].running;
    if (running.empty()) return;
    jobs::Ending ending{running.front().fence(), status};
    if (status == Status::failed)
        ending.error = jobs::Failure{jobs::FailureKind::permanent, "test.broken", "It broke."};
    scratch_.run(write(std::move(ending)));
    running.pop_front();
}

Task<std::vector<ScheduleWorld::Found>> ScheduleWorld::jobs_of(Number number) {
    static constexpr sql::Statement statement{
        "test.jobs_of", R"sql(
        SELECT job.id, coalesce(job.status, CASE WHEN hot.state = 'running' THEN 'running' ELSE 'queued' END) AS status
        FROM job LEFT JOIN job_hot hot ON hot.id = job.id WHERE job.type = :type ORDER BY job.id)sql"
    };
    auto tx = scratch_.database().begin_engine(sql::Access::read);
    auto found = co_await tx->all<Found>(statement, sql::named("type", type_of(number)));
    co_return found;
}

std::vector<schedules::Decision> ScheduleWorld::history(Number number) {
    const auto& made = made_[number];
    std::vector<schedules::Decision> all;
    schedules::ListSchedules query{100, {}};
    do {
        auto page = as_owner<schedules::DecisionPage>(made.alices, [&](sql::Tx& tx) {
            return service_.history(tx, owner(made.alices), made.id, query);
        });
        std::ranges::move(page.items, std::back_inserter(all));
        query.cursor = page.next_cursor;
    } while (query.cursor);
    std::ranges::reverse(all);
    return all;
}

std::string ScheduleWorld::view(Number number) {
    const auto& made = made_[number];
    auto schedule = as_owner<schedules::Schedule>(made.alices, [&](sql::Tx& tx) {
        return service_.get(tx, owner(made.alices), made.id);
    });
    auto jobs = scratch_.run(jobs_of(number));
    auto text = line_of(schedule.next_run_at, schedule.last_run_at);
    for (const auto& one : history(number)) {
        Verdict verdict{one.decided_at, one.outcome, one.slots, one.by_hand, {}, std::nullopt};
        verdict.reason = one.reason.value_or("");
        if (one.job_id) {
            auto found = std::ranges::find(jobs, *one.job_id, &Found::id);
            verdict.job = static_cast<std::size_t>(found - jobs.begin());
        }
        text += line_of(one.slot, verdict);
    }
    for (const auto& job : jobs) text += line_of(job.status);
    return text;
}

std::vector<std::string> ScheduleWorld::violations() { return violations_in(scratch_); }

}  // namespace afterresume::simulation
