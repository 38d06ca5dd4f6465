// Several tasks under way at the same time, on the executor of who awaits them; no thread is added.
#pragma once

#include "core/task.h"

#include <functional>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace afterresume::orchestration {

// make(0) … make(count - 1), at most `at_once` at the same time. Returns when all that were begun
// have ended; begins no more after a failure, and throws the first. Who cancels what awaits it
// cancels all of them.
Task<void> for_all(
    std::size_t count, std::size_t at_once, std::function<Task<void>(std::size_t)> make
);

template <class T>
Task<void> keep_result(std::optional<T>& into, Task<T> task) {
    into.emplace(co_await std::move(task));
}

// Different tasks side by side; what they give, in their order.
template <class... T>
Task<std::tuple<T...>> together(Task<T>... tasks) {
    std::tuple<std::optional<T>...> results;
    std::vector<Task<void>> all;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (all.push_back(keep_result(std::get<I>(results), std::move(tasks))), ...);
    }(std::index_sequence_for<T...>{});
    co_await for_all(all.size(), all.size(), [&all](std::size_t index) {
        return std::move(all[index]);
    });
    co_return std::apply(
        [](auto&... each) { return std::tuple<T...>(std::move(*each)...); }, results
    );
}

}  // namespace afterresume::orchestration
