// Durable steps of an attempt: looked up, done where they were not, kept. Owned by the run, beside
// the checkpoints.
#pragma once

#include "core/describe/reader.h"
#include "core/describe/writer.h"
#include "engine/orchestration/together.h"
#include "engine/orchestration/tries.h"

#include <type_traits>

namespace afterresume::orchestration {

// Whether the work is awaited; else it is pure and runs on the thread pool.
template <class Work, class Input, class Output>
inline constexpr bool awaits = [] {
    if constexpr (std::is_invocable_v<Work&, const Input&, StepCall&>) {
        return true;
    } else {
        return std::is_same_v<std::invoke_result_t<Work&, const Input&>, Task<Output>>;
    }
}();

// What each promises is told by Run.
class Steps {
public:
    Steps(Checkpoints& checkpoints, Surroundings surroundings, const jobs::Claimed& job)
        : checkpoints_(checkpoints),
          surroundings_(surroundings),
          job_(job),
          tries_(checkpoints, surroundings, job) {}

    template <class Output, class Input, class Work>
    Task<Output> one(std::string name, Input input, Work work) {
        const auto* plan = &checkpoints_.planned(name);
        return part<Output>(Part{std::move(name), plan, 1}, std::move(input), std::move(work));
    }

    template <class Output, class Input, class Work>
    Task<std::vector<Output>> each(
        std::string name, std::vector<Input> inputs, Work work, std::size_t at_once
    ) {
        const auto* plan = &checkpoints_.planned(name);
        std::vector<Output> outputs(inputs.size());
        auto make = [&](std::size_t index) {
            Part one{fmt::format("{}/{}", name, index), plan, inputs.size()};
            return fill(
                outputs[index], part<Output>(std::move(one), std::move(inputs[index]), work)
            );
        };
        co_await for_all(inputs.size(), at_once, make);
        co_return outputs;
    }

private:
    template <class T>
    static Task<void> fill(T& into, Task<T> task) {
        into = co_await std::move(task);
    }

    template <class Output, class Input, class Work>
    Task<Output> part(Part part, Input input, Work work) {
        jobs::Step step;
        step.name = part.name;
        step.attempt = job_.attempts;
        step.input_hash = co_await surroundings_.pool.run([&input] {
            return jobs::hash_of(describe::to_json(input));
        });
        auto known = co_await checkpoints_.find(part, step.input_hash);
        if (known) co_return describe::parse<Output>(known->output);
        step.started_at = surroundings_.clock.now();
        constexpr bool told = awaits<Work, Input, Output>;
        Output output{};
        if constexpr (told) {
            co_await checkpoints_.begin(part.name);
            StepCall call{key_of(part.name, step.input_hash)};
            output = co_await tries_.make<Output>(part, input, work, call);
            step.cost = call.cost;
            step.output = describe::to_json(output);
        } else {
            step.output = co_await surroundings_.pool.run([&] {
                output = work(std::as_const(input));
                return describe::to_json(output);
            });
        }
        step.finished_at = surroundings_.clock.now();
        co_await checkpoints_.keep(std::move(part), std::move(step), told);
        co_return output;
    }

    std::string key_of(const std::string& name, const std::string& input_hash) const {
        return fmt::format("{}/{}/{}/{}", job_.id.text(), job_.generation, name, input_hash);
    }

    Checkpoints& checkpoints_;
    Surroundings surroundings_;
    const jobs::Claimed& job_;
    Tries tries_;
};

}  // namespace afterresume::orchestration
