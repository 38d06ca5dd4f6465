#include "oracle.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace afterresume::lives {

namespace {

using namespace std::chrono_literals;

// None of these jobs is at fault itself, however often it is interrupted.
constexpr std::int16_t many_attempts = 1'000;

struct Given {
    std::optional<std::int64_t> count;
};
BOOST_DESCRIBE_STRUCT(Given, (), (count))

class Calling : public orchestration::Workflow {
public:
    Calling(Course& course, Oracle& oracle) : course_(course), oracle_(oracle) {}

protected:
    Task<Given> step(orchestration::Run& run, std::string name) {
        auto call = [&](const Given& input, orchestration::StepCall& made) {
            return this->call(run.job(), name, input, made);
        };
        auto done = co_await run.step<Given>(name, Given{}, call);
        co_return done;
    }

private:
    // Some take longer than a lease.
    milliseconds time() {
        if (course_.chance(70)) return course_.between(5ms, 500ms);
        return course_.chance(80) ? course_.between(500ms, 4s) : course_.between(10s, 40s);
    }
    Task<Given> call(
        const jobs::Claimed& job, const std::string& name, Given input,
        orchestration::StepCall& made
    ) {
        oracle_.called(job, name, made.idempotency_key);
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time());
        co_await timer.async_wait(boost::asio::use_awaitable);
        co_return input;
    }

    Course& course_;
    Oracle& oracle_;
};

class Effect : public Calling {
public:
    using Calling::Calling;
    orchestration::Plan steps() const override { return {{.name = "first"}, {.name = "second"}}; }

    Task<void> start(orchestration::Run& run) override {
        co_await step(run, "first");
        co_await step(run, "second");
        co_await run.finish([&](sql::Tx& tx) { return store(tx, run); });
    }

private:
    static Task<Given> store(sql::Tx& tx, const orchestration::Run& run) {
        static constexpr sql::Statement statement{
            "lives.effect",
            "INSERT INTO fault_effect (job_id, tenant_id) VALUES (:job_id, :tenant_id)"
        };
        tx.defer(statement, run.scope(), sql::named("job_id", run.job().id));
        co_return Given{};
    }
};

class Value : public Calling {
public:
    using Calling::Calling;
    orchestration::Plan steps() const override { return {{.name = "only"}}; }

    Task<void> start(orchestration::Run& run) override {
        auto done = co_await step(run, "only");
        run.conclude(done);
    }
};

jobs::JobType type_of(std::string name) {
    return {
        .name = std::move(name),
        .max_attempts = many_attempts,
        .backoff = {50ms, 2s},
        .schedulable = jobs::payload_as<Given>()
    };
}

}  // namespace

void add_workflows(orchestration::Workflows& workflows, Course& course, Oracle& oracle) {
    workflows.add(type_of(effect_type), std::make_unique<Effect>(course, oracle));
    workflows.add(type_of(value_type), std::make_unique<Value>(course, oracle));
}

}  // namespace afterresume::lives
