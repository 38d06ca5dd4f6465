// Schedules over a database of their own, with a clock that stands still; after each test the
// engine's promises are checked. Base of this folder's tests on both databases.
#pragma once

#include "engine/jobs/claims.h"
#include "engine/jobs/inspection.h"
#include "engine/schedules/built_in.h"
#include "engine/schedules/firing.h"
#include "engine/schedules/service.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

#include <cstdio>
#include <map>

namespace afterresume::schedules {

// Whoever is not in the list may do nothing.
class ListedRights : public orchestration::Rights {
public:
    Task<std::optional<Identity>> find(TenantId tenant, UserId user) override;

    std::map<std::int64_t, Role> roles{{0, Role::owner}, {11, Role::owner}, {22, Role::owner}};
};

struct Payload {
    std::optional<std::int64_t> count;
};
BOOST_DESCRIBE_STRUCT(Payload, (), (count))

class SchedulesTest : public sql::OnBothDatabases {
protected:
    void SetUp() override;
    void TearDown() override;

    template <class T>
    T run(Task<T> task) {
        return scratch->run(std::move(task));
    }
    const Scope& ada() { return scratch->alice(); }
    const Scope& bob() { return scratch->bob(); }

    // In a transaction of its own, which is committed: run(in(ada(), [&](sql::Tx& tx) { … })).
    template <class Act>
    std::invoke_result_t<Act&, sql::Tx&> in(Scope scope, Act act) {
        auto tx = scratch->database().begin(scope, sql::Access::write);
        auto pending = act(*tx);
        if constexpr (std::is_same_v<decltype(pending), Task<void>>) {
            co_await std::move(pending);
            co_await tx->commit();
        } else {
            auto value = co_await std::move(pending);
            co_await tx->commit();
            co_return value;
        }
    }

    static CreateSchedule every_quarter(std::string name = "quarterly");
    Schedule create(CreateSchedule wanted) { return create_as(ada(), std::move(wanted)); }
    Schedule create_as(Scope scope, CreateSchedule wanted) {
        auto act = [&](sql::Tx& tx) { return service.create(tx, scope, wanted); };
        return run(in(scope, act));
    }
    Schedule read(Id<Schedule> id) {
        auto act = [&](sql::Tx& tx) { return service.get(tx, ada(), id); };
        return run(in(ada(), act));
    }
    Schedule edit(const Schedule& schedule, EditSchedule change) {
        auto act = [&](sql::Tx& tx) {
            return service.edit(tx, ada(), schedule.id, Match{schedule.version}, change);
        };
        return run(in(ada(), act));
    }
    Schedule pause(Id<Schedule> id) {
        auto act = [&](sql::Tx& tx) { return service.pause(tx, ada(), id); };
        return run(in(ada(), act));
    }
    Schedule resume(Id<Schedule> id) {
        auto act = [&](sql::Tx& tx) { return service.resume(tx, ada(), id); };
        return run(in(ada(), act));
    }
    std::vector<Decision> history(Id<Schedule> id) {
        auto act = [&](sql::Tx& tx) { return service.history(tx, ada(), id, {100, {}}); };
        return run(in(ada(), act)).items;
    }

    // Everything that is due; the number of decisions.
    int fire() {
        int fired = 0;
        while (run(firing->fire_one(clock.now()))) ++fired;
        return fired;
    }

    jobs::JobView job(Uuid id) {
        auto act = [&](sql::Tx& tx) { return jobs::get_job(tx, ada(), types, id); };
        return run(in(ada(), act));
    }
    std::size_t jobs_made() {
        auto act = [&](sql::Tx& tx) {
            return jobs::list_jobs(tx, ada(), types.seal(), {.page_size = 100});
        };
        return run(in(ada(), act)).items.size();
    }
    // As a worker does that takes the job, the only one that is ready, or has done it.
    void begin(Uuid id) {
        EXPECT_THAT(run(claim_one()), testing::ElementsAre(testing::Field(&jobs::Claimed::id, id)));
    }
    void end(Uuid id) { run(end_job(id)); }

    ManualClock clock{Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1))};
    jobs::JobTypes types = some_types();
    jobs::Doorbell doorbell;
    jobs::Doorbell bell;
    jobs::Doorbell cancels;
    jobs::Queue queue{types, clock, doorbell};
    ListedRights rights;
    observability::Log log{observability::Level::error, observability::LogFormat::text, stderr};
    Service service{types, queue, bell, cancels, clock};
    std::optional<sql::ScratchDatabase> scratch;
    std::optional<Firing> firing;

private:
    static jobs::JobTypes some_types();
    Task<std::vector<jobs::Claimed>> claim_one();
    Task<void> end_job(Uuid id);
};

}  // namespace afterresume::schedules
