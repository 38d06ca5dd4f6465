#include "workflows.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <csignal>

namespace afterresume::faults {

namespace {

using std::chrono::milliseconds;

// None of these jobs is at fault itself, however often it is interrupted.
constexpr std::int16_t many_attempts = 1'000;

struct Done {
    std::int64_t done = 1;
};
BOOST_DESCRIBE_STRUCT(Done, (), (done))

class Calling : public orchestration::Workflow {
public:
    Calling(const Calls& calls, Failpoint& failpoint, milliseconds call_time)
        : calls_(calls), failpoint_(failpoint), call_time_(call_time) {}

protected:
    Task<Done> step(orchestration::Run& run, std::string name) {
        bool called = false;
        auto call = [&](const Done& input, orchestration::StepCall& made) {
            called = true;
            return this->call(run.job(), name, input, made);
        };
        auto done = co_await run.step<Done>(name, Done{}, call);
        if (called) calls_.write("kept", run.job(), name, "-");
        failpoint_.pass("kept");
        co_return done;
    }
    void pass(std::string_view place) { failpoint_.pass(place); }

private:
    Task<Done> call(
        const jobs::Claimed& job, const std::string& name, Done input, orchestration::StepCall& made
    ) {
        failpoint_.pass("before_call");
        calls_.write("call", job, name, made.idempotency_key);
        if (call_time_ > milliseconds(0)) {
            boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, call_time_);
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
        failpoint_.pass("after_call");
        co_return input;
    }

    const Calls& calls_;
    Failpoint& failpoint_;
    milliseconds call_time_;
};

class Effect : public Calling {
public:
    using Calling::Calling;
    orchestration::Plan steps() const override { return {{.name = "first"}, {.name = "second"}}; }

    Task<void> start(orchestration::Run& run) override {
        pass("claimed");
        co_await step(run, "first");
        co_await step(run, "second");
        co_await run.finish([&](sql::Tx& tx) { return store(tx, run); });
    }

private:
    static Task<Done> store(sql::Tx& tx, const orchestration::Run& run) {
        static constexpr sql::Statement statement{
            "faults.effect",
            "INSERT INTO fault_effect (job_id, tenant_id) VALUES (:job_id, :tenant_id)"
        };
        tx.defer(statement, run.scope(), sql::named("job_id", run.job().id));
        co_return Done{};
    }
};

class Value : public Calling {
public:
    using Calling::Calling;
    orchestration::Plan steps() const override { return {{.name = "only"}}; }

    Task<void> start(orchestration::Run& run) override {
        pass("claimed");
        auto done = co_await step(run, "only");
        run.conclude(done);
    }
};

class Poison : public orchestration::Workflow {
public:
    Task<void> start(orchestration::Run&) override {
        ::kill(::getpid(), SIGKILL);
        co_return;
    }
};

}  // namespace

Calls::Calls(const std::string& path) {
    if (path.empty()) return;
    file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file_ < 0) throw std::runtime_error("cannot write " + path);
}

Calls::~Calls() {
    if (file_ >= 0) ::close(file_);
}

void Calls::write(
    std::string_view what, const jobs::Claimed& job, std::string_view step, std::string_view key
) const {
    std::chrono::duration<double> time = std::chrono::system_clock::now().time_since_epoch();
    auto line = fmt::format(
        "{} {:.3f} {} {} {} {} {}\n", what, time.count(), ::getpid(), job.id.text(), step,
        job.lease_seq, key
    );
    if (file_ >= 0 && ::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        throw std::runtime_error("a call was not written down");
}

void add_workflows(
    orchestration::Workflows& workflows, const Calls& calls, Failpoint& failpoint,
    milliseconds call_time, const std::vector<std::string>& unknown
) {
    auto add = [&](std::string name, std::unique_ptr<orchestration::Workflow> workflow) {
        if (std::ranges::find(unknown, name) != unknown.end()) return;
        workflows.add(
            {.name = std::move(name),
             .max_attempts = many_attempts,
             .backoff = {milliseconds(50), milliseconds(200)}},
            std::move(workflow)
        );
    };
    add("fault.effect", std::make_unique<Effect>(calls, failpoint, call_time));
    add("fault.value", std::make_unique<Value>(calls, failpoint, call_time));
    add("fault.poison", std::make_unique<Poison>());
}

}  // namespace afterresume::faults
