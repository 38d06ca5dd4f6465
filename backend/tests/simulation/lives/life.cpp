#include "life.h"

#include "home.h"
#include "trouble.h"

#include "core/scope_mint.h"
#include "engine/jobs/control.h"
#include "engine/jobs/queue_control.h"
#include "engine/schedules/service.h"

#include <fmt/ranges.h>

#include <cstdio>
#include <optional>
#include <thread>

namespace afterresume::lives {

using namespace std::chrono_literals;

namespace {

constexpr auto troubled_time = 80s;
// In which every slot of the schedule is caught up with.
constexpr auto quiet_time = 60s;
// Longer than whatever is put off because it was slow.
constexpr auto longest_rest = 15min;
constexpr TenantId limited_tenant{1};

Scope scope_of(std::int64_t tenant) {
    return ScopeMint::mint(orchestration::member_of(TenantId{tenant}, UserId{10 + tenant}));
}

class Life {
public:
    Life(std::uint64_t seed, Kind kind) : course_(seed), kind_(kind) {}

    Lived live() {
        prepare();
        auto begun = slot();
        run_for(troubled_time, [&] { take_part(); });
        cluster_.heal();
        // A slot is due in the middle of no step.
        run_until(
            [&] { return course_.time() > troubled_time + quiet_time && seconds() == 30; }, 1h
        );
        auto slots = slot() - begun;
        act(pause_schedule());
        run_until([&] { return oracle_.unfinished() == 0; }, longest_rest);
        end();
        check(slots);
        return {told(), course_.digest(), oracle_.calls(), oracle_.repeated()};
    }

private:
    void prepare() {
        act(limit());
        act(make_schedule());
        run_until([&] { return schedule_.has_value(); }, 1min);
    }

    // What people do, and what befalls the nodes.
    void take_part() {
        if (kind_ == Kind::troubled) trouble_.befall();
        if (course_.time() < next_wish_) return;
        next_wish_ = course_.time() + course_.between(0ms, 1500ms);
        if (!made_.empty() && course_.chance(8))
            return act(cancel(made_[course_.draw(made_.size())]));
        act(enqueue(course_.chance(50) ? effect_type : value_type));
    }

    void end() {
        cluster_.close();
        for (auto& place : cluster_.places())
            if (place.node) cluster_.on(place, [](Node& node) { node.drain(5s); });
        run_until([&] { return cluster_.is_empty(); }, 2min);
    }

    void check(std::int64_t slots) {
        if (!cluster_.is_empty()) course_.fault("a node does not end");
        auto fired = oracle_.fired();
        if (fired != slots) course_.fault("I11: {} slots have passed, {} were fired", slots, fired);
        oracle_.look_at_the_end();
        oracle_.look();
    }

    template <class Act>
    void run_for(nanoseconds time, Act act) {
        auto until = course_.time() + time;
        while (course_.time() < until) {
            act();
            step();
        }
    }
    template <class Condition>
    void run_until(Condition condition, nanoseconds longest) {
        auto until = course_.time() + longest;
        while (course_.time() < until && !condition()) step();
    }
    void step() {
        cluster_.step();
        if (course_.time() < next_look_) return;
        next_look_ = course_.time() + 5s;
        oracle_.look();
    }

    std::int64_t slot() const {
        return std::chrono::floor<std::chrono::minutes>(course_.wall()).time_since_epoch().count();
    }
    std::int64_t seconds() const {
        return std::chrono::floor<std::chrono::seconds>(course_.wall()).time_since_epoch().count() %
               60;
    }

    std::string told() const {
        if (course_.faults().empty()) return {};
        return fmt::format("{}\n", fmt::join(course_.told(), "\n"));
    }

    // What people ask for may find the database busy; then they know that it was not done.
    void act(Task<void> task) {
        front().begin(std::move(task), [&](const std::string& failure) {
            if (!failure.empty()) course_.tell("people were told: {}", failure);
        });
    }
    Process& front() { return cluster_.front(); }

    Task<void> enqueue(const char* type) {
        auto scope = scope_of(1 + static_cast<std::int64_t>(course_.draw(3)));
        auto tx = front().link.begin(scope, sql::Access::write);
        jobs::NewJob job{type};
        if (course_.chance(15)) job.run_at = course_.wall() + course_.between(1s, 20s);
        auto made = co_await front().queue.enqueue(*tx, jobs::origin_of(scope), std::move(job));
        co_await tx->commit();
        made_.emplace_back(scope, made.id);
    }

    Task<void> cancel(std::pair<Scope, jobs::JobId> job) {
        auto& [scope, id] = job;
        auto tx = front().link.begin(scope, sql::Access::write);
        co_await jobs::cancel(*tx, scope, id, front().cancels, course_.wall());
        co_await tx->commit();
    }

    Task<void> limit() {
        auto tx = front().link.begin_engine(sql::Access::write);
        jobs::set_share(*tx, jobs::QueueName::ai, limited_tenant, {1, 2}, course_.wall());
        co_await tx->commit();
    }

    Task<void> make_schedule() {
        schedules::CreateSchedule wanted;
        wanted.name = "every minute";
        wanted.job_type = value_type;
        wanted.cron = "* * * * *";
        wanted.missed = schedules::Missed::backfill;
        wanted.overlap = schedules::Overlap::allow;
        auto tx = front().link.begin(scope_of(2), sql::Access::write);
        auto made = co_await service_.create(*tx, scope_of(2), wanted);
        co_await tx->commit();
        schedule_ = made.id;
    }

    Task<void> pause_schedule() {
        auto tx = front().link.begin(scope_of(2), sql::Access::write);
        co_await service_.pause(*tx, scope_of(2), *schedule_);
        co_await tx->commit();
    }

    Course course_;
    Kind kind_;
    Home home_;
    Store store_{course_, home_.options()};
    Air air_{course_};
    Oracle oracle_{course_, store_, home_.options()};
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> nowhere_{
        std::fopen("/dev/null", "w"), std::fclose
    };
    observability::Log log_{
        observability::Level::error, observability::LogFormat::text, nowhere_.get()
    };
    Cluster cluster_{{course_, store_, air_, oracle_, log_}, 3};
    Trouble trouble_{course_, cluster_};
    schedules::Service service_{
        front().types, front().queue, front().bell, front().cancels, front().clock
    };
    std::optional<Id<schedules::Schedule>> schedule_;
    std::vector<std::pair<Scope, jobs::JobId>> made_;
    nanoseconds next_wish_{0};
    nanoseconds next_look_{0};
};

}  // namespace

// On a thread of its own, which draws its first ids and takes its first times anew.
Lived live(std::uint64_t seed, Kind kind) {
    Lived lived;
    std::exception_ptr failed;
    std::thread([&] {
        Seeded chance(seed);
        try {
            lived = Life(seed, kind).live();
        } catch (...) {
            failed = std::current_exception();
        }
    }).join();
    if (failed) std::rethrow_exception(failed);
    return lived;
}

}  // namespace afterresume::lives
