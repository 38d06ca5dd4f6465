// One attempt at a job, as its workflow sees it: durable steps, short reads, one finish. Made by
// the worker for each attempt and dead with it; a workflow keeps no reference to it.
#pragma once

#include "core/describe/reader.h"
#include "core/describe/writer.h"
#include "core/work_pool.h"
#include "engine/jobs/lease.h"
#include "engine/jobs/model.h"
#include "engine/jobs/steps.h"
#include "engine/jobs/timeline.h"
#include "infra/sql/database.h"

#include <map>
#include <type_traits>

namespace afterresume::orchestration {

// What the attempt shares with its worker: the worker sets these, the run reads them at every point
// where it may stop.
struct Signals {
    bool cancel_requested = false;
    // The job is somebody else's by now, or the process is about to end.
    bool abandoned = false;
};

// How far the job is once a step is done.
struct Milestone {
    std::int16_t percent = 0;
    std::string sentence;
};

// Thrown inside an attempt that may not go on; the worker knows what to do.
struct Stopped {
    enum class Reason { cancelled, authority_lost };
    Reason reason;
};

// What a run stands on; all of it outlives the run.
struct Surroundings {
    sql::Database& database;
    WorkPool& pool;
    const Clock& clock;
    const jobs::Lease& lease;
};

class Run {
public:
    Run(Surroundings surroundings, jobs::Claimed job, Scope scope, const Signals& signals);

    const jobs::Claimed& job() const { return job_; }
    // The requester with the rights of this moment.
    const Scope& scope() const { return scope_; }
    // For follow-ups: trigger chain, parent this job, root and trace carried on.
    jobs::Origin origin() const;
    // Throws Error(invalid) when the payload is not an Args.
    template <class Args>
    Args args() const {
        return describe::parse<Args>(job_.payload);
    }

    // The result of `work(input)`, kept under the job, its generation and the name: done at most
    // once, whatever crashes. Input and Output are described. `work` is a function of const Input&:
    // one that returns a Task is awaited here; any other is pure and runs on the thread pool.
    // Throws Error(internal, "job.nondeterministic") when the stored step had another input.
    template <class Output, class Input, class Work>
    Task<Output> step(std::string name, Input input, Work work, Milestone milestone = {}) {
        auto hash = jobs::hash_of(describe::to_json(input));
        auto begun = clock_now();
        auto known = co_await find_step(name, hash);
        if (known) co_return describe::parse<Output>(known->output);
        Output output{};
        if constexpr (std::is_same_v<std::invoke_result_t<Work&, const Input&>, Task<Output>>) {
            output = co_await work(input);
        } else {
            output = co_await offload([&work, &input] { return Output(work(input)); });
        }
        auto text = describe::to_json(output);
        jobs::Step step{std::move(name),
                        std::move(hash),
                        std::move(text),
                        job_.attempts,
                        begun,
                        clock_now(),
                        0};
        co_await keep_step(std::move(step), std::move(milestone));
        co_return output;
    }

    // `reader(tx)` in a short read transaction for the scope; gives what its Task gives.
    template <class Reader>
    std::invoke_result_t<Reader&, sql::Tx&> read(Reader reader) {
        check();
        auto tx = surroundings_.database.begin(scope_, sql::Access::read);
        auto pending = reader(*tx);
        co_return co_await std::move(pending);
    }

    // Pure work on the thread pool; the caller goes on where it was. `work` may refer to what the
    // caller owns.
    template <class Work>
    Task<std::invoke_result_t<Work>> offload(Work work) {
        check();
        co_return co_await surroundings_.pool.run(std::move(work));
    }

    // Effects and completion in one transaction: the fence, `store(tx)`, the outcome, its event.
    // `store` returns Task<void> or a Task of the described result; follow-ups are enqueued in it
    // with origin(). After it the run writes nothing more. A workflow that only computes calls
    // conclude() instead, or nothing.
    template <class Store>
    Task<void> finish(Store store) {
        using Result = std::invoke_result_t<Store&, sql::Tx&>;
        auto tx = co_await begin_fenced();
        auto pending = store(*tx);
        if constexpr (std::is_same_v<Result, Task<void>>) {
            co_await std::move(pending);
        } else {
            auto result = co_await std::move(pending);
            result_ = describe::to_json(result);
        }
        co_await complete(*tx);
    }
    // The result of a job that has no effects left to write; it completes in a batch with others.
    template <class Result>
    void conclude(const Result& result) {
        result_ = describe::to_json(result);
    }

    Task<void> progress(std::int16_t percent, std::string sentence);
    Task<void> event(jobs::Level level, jobs::Source source, std::string message, JsonObject data);

    // Throws Stopped once the job was cancelled or taken away, Error(internal,
    // "job.deadline_exceeded") past its deadline. Long work calls it now and then.
    void check() const;
    bool finished() const { return finished_; }
    const std::optional<std::string>& result() const { return result_; }

private:
    Task<std::optional<jobs::Step>> find_step(std::string name, std::string input_hash);
    Task<void> keep_step(jobs::Step step, Milestone milestone);
    // A write transaction that holds the job; throws Stopped when it is somebody else's.
    Task<std::unique_ptr<sql::Tx>> begin_fenced();
    Task<void> complete(sql::Tx& tx);
    Timestamp clock_now() const { return surroundings_.clock.now(); }

    Surroundings surroundings_;
    jobs::Claimed job_;
    Scope scope_;
    const Signals& signals_;
    std::optional<std::map<std::string, jobs::Step>> steps_;
    std::optional<std::string> result_;
    bool finished_ = false;
};

}  // namespace afterresume::orchestration
