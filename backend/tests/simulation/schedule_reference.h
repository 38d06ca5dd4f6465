// What schedules promise, told again in plain memory: rhythms of whole minutes in UTC, so that a
// slot is a multiple of its rhythm. Owned by a history.
#pragma once

#include "engine/jobs/kinds.h"
#include "engine/schedules/model.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace afterresume::simulation {

// A schedule by its place in the order of making.
using Number = std::size_t;

// A job that a schedule asked for.
struct Begun {
    jobs::Status status = jobs::Status::queued;
    bool cancel_requested = false;
};

struct Verdict {
    Timestamp at;
    schedules::Outcome outcome = schedules::Outcome::fired;
    std::int64_t slots = 1;
    bool by_hand = false;
    std::string reason;
    // By its place among the jobs of the schedule.
    std::optional<std::size_t> job;
};

struct Rhythm {
    bool alices = true;
    std::chrono::minutes every{5};
    schedules::Missed missed = schedules::Missed::once;
    schedules::Overlap overlap = schedules::Overlap::skip;
    // Of an enabled one.
    std::optional<Timestamp> next;
    std::optional<Timestamp> last_run;
    // By slot.
    std::map<Timestamp, Verdict> verdicts;
    // In the order in which they were asked for.
    std::vector<Begun> jobs;
};

class ScheduleReference {
public:
    void create(Rhythm rhythm, Timestamp now);
    void edit(Number number, Rhythm wanted, Timestamp now);
    void set_enabled(Number number, bool enabled, Timestamp now);
    // Whether the owner may have anything done.
    void allow(bool alices, bool allowed);
    // Decides about all that is due.
    void fire(Timestamp now);
    // The job, or the code of the refusal.
    std::string run_now(Number number, Timestamp now);
    // The oldest job that waits begins, or the oldest that runs ends.
    void begin(Number number);
    void end(Number number, jobs::Status status);

    const Rhythm& rhythm(Number number) const { return rhythms_[number]; }
    std::size_t size() const { return rhythms_.size(); }
    // All that its owner sees of it, and the jobs that there are of it.
    std::string view(Number number) const;

private:
    void decide(Rhythm& rhythm, Timestamp now);
    void decide_slot(Rhythm& rhythm, Timestamp slot, Timestamp now);
    Verdict fire_slot(Rhythm& rhythm, Timestamp now);

    std::vector<Rhythm> rhythms_;
    std::map<bool, bool> allowed_{{false, true}, {true, true}};
};

// Lines of a view, made in one place for the reference and the databases.
std::string line_of(std::optional<Timestamp> next, std::optional<Timestamp> last_run);
std::string line_of(Timestamp slot, const Verdict& verdict);
std::string line_of(jobs::Status status);

}  // namespace afterresume::simulation
