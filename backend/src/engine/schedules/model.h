// A schedule and what became of its slots. Values only.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"
#include "core/id.h"

#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace afterresume::schedules {

// What becomes of slots that nobody was there for: nothing; one run for all of them; a run for each
// of the last `most_backfilled`.
enum class Missed : std::uint8_t { skip, once, backfill };
BOOST_DESCRIBE_ENUM(Missed, skip, once, backfill)

// What a slot does while a job of an earlier one has not ended: a second job; nothing; a second job
// unless one waits already; the old jobs are cancelled.
enum class Overlap : std::uint8_t { allow, skip, queue_one, cancel_old };
BOOST_DESCRIBE_ENUM(Overlap, allow, skip, queue_one, cancel_old)

// fired: a job was asked for. skipped: an earlier one had not ended. missed: nobody was there in
// time. refused: its owner may not have it done any more, or it cannot be read.
enum class Outcome : std::uint8_t { fired, skipped, missed, refused };
BOOST_DESCRIBE_ENUM(Outcome, fired, skipped, missed, refused)

struct Schedule {
    Id<Schedule> id;
    std::string name;
    std::string job_type;
    std::string cron;
    std::string time_zone;
    JsonObject payload;
    bool enabled = true;
    Missed missed = Missed::once;
    Overlap overlap = Overlap::skip;
    std::optional<Timestamp> last_run_at;
    // Of an enabled one: the slot that is due next.
    std::optional<Timestamp> next_run_at;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(
    Schedule, (),
    (id, name, job_type, cron, time_zone, payload, enabled, missed, overlap, last_run_at,
     next_run_at, version, created_at, updated_at)
)

// With whom it belongs to; tenant 0 and user 0 are the program itself.
struct OwnedSchedule : Schedule {
    TenantId tenant_id;
    UserId user_id;
};
BOOST_DESCRIBE_STRUCT(OwnedSchedule, (Schedule), (tenant_id, user_id))

struct Decision {
    Timestamp slot;
    Timestamp decided_at;
    Outcome outcome = Outcome::fired;
    // How many slots in a row this stands for; more than one when missed only.
    std::int64_t slots = 1;
    // Asked for by a person, at no slot of its own.
    bool by_hand = false;
    // The code of an error.
    std::optional<std::string> reason;
    std::optional<Uuid> job_id;
};
BOOST_DESCRIBE_STRUCT(Decision, (), (slot, decided_at, outcome, slots, by_hand, reason, job_id))

}  // namespace afterresume::schedules
