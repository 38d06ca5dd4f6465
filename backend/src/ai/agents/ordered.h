// A stable sort that does not touch std::get_temporary_buffer, which the standard library has
// deprecated.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace afterresume::agents {

template <typename Value, typename Less>
void sort_stably(std::vector<Value>& values, Less less) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (less(values[a], values[b])) return true;
        return !less(values[b], values[a]) && a < b;
    });
    std::vector<Value> sorted;
    sorted.reserve(values.size());
    for (auto at : order) sorted.push_back(std::move(values[at]));
    values = std::move(sorted);
}

}  // namespace afterresume::agents
