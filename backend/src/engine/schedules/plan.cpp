#include "engine/schedules/plan.h"

#include <deque>

namespace afterresume::schedules {

Plan plan(const Cron& cron, const std::string& zone, Missed policy, Timestamp slot, Timestamp now) {
    // The slots that may still get a job, oldest first.
    std::deque<Timestamp> wanted;
    auto most = policy == Missed::backfill ? most_backfilled : 1;
    Plan out;
    auto pass = [&](Timestamp missed) {
        if (out.missed++ == 0) out.first_missed = missed;
    };
    out.next = slot;
    for (std::size_t looked = 0; out.next && *out.next <= now && looked < most_at_once; ++looked) {
        wanted.push_back(*out.next);
        if (wanted.size() > most) {
            pass(wanted.front());
            wanted.pop_front();
        }
        out.next = next_time(cron, zone, *out.next);
    }
    bool more_is_due = out.next && *out.next <= now;
    if (more_is_due || (policy == Missed::skip && now - wanted.back() >= punctual)) {
        for (auto missed : wanted) pass(missed);
        return out;
    }
    out.fire = wanted.front();
    if (wanted.size() > 1) out.next = wanted[1];
    return out;
}

}  // namespace afterresume::schedules
