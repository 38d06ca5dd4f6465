// What is to be done about the slots of a schedule that have come due. Pure.
#pragma once

#include "engine/schedules/cron.h"
#include "engine/schedules/model.h"

namespace afterresume::schedules {

// A slot is missed when nobody looked within this time; shorter than any two slots are apart.
inline constexpr std::chrono::seconds punctual{60};
inline constexpr std::size_t most_backfilled = 24;
// Slots looked at in one go; what is due beyond them comes with the next.
inline constexpr std::size_t most_at_once = 1'000;

struct Plan {
    // The slot that gets a job.
    std::optional<Timestamp> fire;
    // The slots before it that get none.
    std::optional<Timestamp> first_missed;
    std::int64_t missed = 0;
    // Due already when there is more to do.
    std::optional<Timestamp> next;
};

// `slot` is the first slot that nothing was decided about, and not after `now`.
Plan plan(const Cron& cron, const std::string& zone, Missed policy, Timestamp slot, Timestamp now);

}  // namespace afterresume::schedules
