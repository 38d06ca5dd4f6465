#include "engine/workers/lookout.h"

#include <algorithm>

namespace afterresume::workers {

using namespace std::chrono_literals;

namespace {

// Transactions that make a job due may be so late; most are within the second.
constexpr auto promotes_back = 2s;
constexpr auto promotes_at_least = 50ms;

}  // namespace

jobs::Look Lookout::next(bool has_room, Steady now) const {
    bool back_is_due = back_.is_due(now);
    if (!has_room && !back_is_due) return jobs::Look::onward;
    if (everywhere_.is_due(now)) return jobs::Look::everywhere;
    return back_is_due ? jobs::Look::back : jobs::Look::glance;
}

Timestamp Lookout::due_since(jobs::Look look) const {
    if (look == jobs::Look::everywhere) return {};
    return promoted_ - (look == jobs::Look::back ? promotes_back : promotes_at_least);
}

void Lookout::looked(jobs::Look look, Steady begun, Steady now, Timestamp at) {
    promoted_ = at;
    last_ = look;
    if (look == jobs::Look::onward || look == jobs::Look::glance) return;
    bool everywhere = look == jobs::Look::everywhere;
    back_.took(everywhere ? now : begun, now);
    if (everywhere) everywhere_.took(begun, now);
}

void Lookout::demand_everywhere() {
    back_.make_due();
    everywhere_.make_due();
}

std::chrono::milliseconds Lookout::sleep(std::chrono::milliseconds longest, Steady now) const {
    if (last_ == jobs::Look::everywhere) return longest;
    auto due = everywhere_.due();
    if (last_ != jobs::Look::back) due = std::min(due, back_.due());
    auto left = std::chrono::ceil<std::chrono::milliseconds>(due - now);
    return std::clamp<std::chrono::milliseconds>(left, 1ms, std::max(longest, 1ms));
}

}  // namespace afterresume::workers
