// One attempt at a job, as its workflow sees it: durable steps, waits that hold no slot, short
// reads, one finish. Made by the worker for each attempt and dead with it; a workflow keeps no
// reference to it.
#pragma once

#include "engine/orchestration/steps.h"
#include "engine/orchestration/waits.h"

namespace afterresume::orchestration {

class Run {
public:
    Run(Surroundings surroundings, jobs::Claimed job, Scope scope, Signals& signals, Plan plan);
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    const jobs::Claimed& job() const { return job_; }
    // The requester with the rights of this moment.
    const Scope& scope() const { return scope_; }
    // For follow-ups: trigger chain, parent this job, root and trace carried on.
    jobs::Origin origin() const;
    // Throws Error(invalid) when the payload is not an Args.
    template <class Args>
    Args args() const {
        return describe::parse<Args>(surroundings_.queue.given(job_));
    }

    // The result of `work(input)`, kept under the job, its generation, the name and the input: done
    // once for these, whatever crashes. The workflow plans the step, and an attempt does it once.
    // Input and Output are described. `work` is a function of const Input&. One that returns a Task
    // is awaited here, with the plan's tries and time limit, after a look at the fence; it may take
    // a StepCall& too. Any other is pure and runs on the thread pool.
    template <class Output, class Input, class Work>
    Task<Output> step(std::string name, Input input, Work work) {
        return steps_.one<Output>(std::move(name), std::move(input), std::move(work));
    }
    // The same for each input, at most `at_once` at the same time, each kept by itself. What they
    // gave, in the order of the inputs. Different steps go side by side with together().
    template <class Output, class Input, class Work>
    Task<std::vector<Output>> each(
        std::string name, std::vector<Input> inputs, Work work, std::size_t at_once = 4
    ) {
        return steps_.each<Output>(std::move(name), std::move(inputs), std::move(work), at_once);
    }

    // The waits hold no slot and count no attempt: the workflow begins anew when they are over, and
    // gets here again through its kept steps. Names are those of no step; they stand once asked
    // for, whatever else is asked under them later.
    //
    // Has these done as jobs of this one, at most 10,000, and waits for all of them; how they
    // ended, in their order.
    Task<std::vector<jobs::Ended>> wait_for(std::string name, std::vector<jobs::Node> nodes) {
        return waits_.for_made(std::move(name), origin(), std::move(nodes));
    }
    Task<void> wait_until(Timestamp time) { return waits_.until(time); }
    // For jobs::call_back() of that name; nullopt when nobody did before `until`.
    template <class Answer>
    Task<std::optional<Answer>> wait_for_callback(std::string name, Timestamp until) {
        auto answer = co_await waits_.for_call(std::move(name), until);
        co_return answer ? std::optional(describe::parse<Answer>(*answer)) : std::nullopt;
    }

    // `reader(tx)` in a short read transaction for the scope; gives what its Task gives.
    template <class Reader>
    std::invoke_result_t<Reader&, sql::Tx&> read(Reader reader) {
        check();
        auto tx = surroundings_.database.begin(scope_, sql::Access::read);
        auto pending = reader(*tx);
        co_return co_await std::move(pending);
    }

    // `writer(tx)` in a short write transaction of its own, behind the fence; gives what its Task
    // gives. For effects that do no harm when an attempt repeats them.
    template <class Writer>
    std::invoke_result_t<Writer&, sql::Tx&> write(Writer writer) {
        using Value = typename std::invoke_result_t<Writer&, sql::Tx&>::value_type;
        std::optional<Value> value;
        co_await checkpoints_.fenced([&](sql::Tx& tx) { return keep_answer(writer, tx, value); });
        co_return std::move(*value);
    }

    // Pure work on the thread pool that is not worth keeping; the caller goes on where it was.
    // `work` may refer to what the caller owns.
    template <class Work>
    Task<std::invoke_result_t<Work>> offload(Work work) {
        check();
        co_return co_await surroundings_.pool.run(std::move(work));
    }

    // Looks once more whether the requester has the right to it, and throws Stopped otherwise. Then
    // effects and completion in one transaction: the fence, `store(tx)`, the outcome, its event.
    // `store` returns Task<void> or a Task of the described result; follow-ups are enqueued in it
    // with origin(). After it the run writes nothing more. A workflow that only computes calls
    // conclude() instead, or nothing.
    template <class Store>
    Task<void> finish(Store store) {
        co_await require_rights();
        co_await checkpoints_.fenced([&](sql::Tx& tx) { return store_and_complete(store, tx); });
        finished_ = true;
    }
    // The result of a job that has no effects left to write; it completes in a batch with others.
    template <class Result>
    void conclude(const Result& result) {
        keep(describe::to_json(result));
    }

    Task<void> event(jobs::Level level, jobs::Source source, std::string message, JsonObject data);

    // Throws when the attempt may not go on: see Checkpoints. Long work calls it now and then.
    void check() const { checkpoints_.check(); }
    bool finished() const { return finished_; }
    // Whether this attempt or one before it may have kept steps, which cost something.
    bool has_steps() const { return checkpoints_.has_plan() || job_.began_before(); }
    // As it is kept.
    const std::optional<std::string>& result() const { return result_; }

private:
    Task<void> require_rights();
    void keep(std::string result);
    void complete(sql::Tx& tx);
    template <class Writer, class Value>
    static Task<void> keep_answer(Writer& writer, sql::Tx& tx, std::optional<Value>& answer) {
        auto pending = writer(tx);
        answer = co_await std::move(pending);
    }
    template <class Store>
    Task<void> store_and_complete(Store& store, sql::Tx& tx) {
        auto pending = store(tx);
        if constexpr (std::is_same_v<decltype(pending), Task<void>>) {
            co_await std::move(pending);
        } else {
            auto result = co_await std::move(pending);
            keep(describe::to_json(result));
        }
        complete(tx);
    }

    Surroundings surroundings_;
    jobs::Claimed job_;
    Scope scope_;
    Checkpoints checkpoints_;
    Steps steps_;
    Waits waits_;
    std::optional<std::string> result_;
    bool finished_ = false;
};

}  // namespace afterresume::orchestration
