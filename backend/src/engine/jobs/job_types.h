// Job types: how jobs of one kind are queued, tried again and kept apart. The list of those this
// build knows is filled by app/ before anything is enqueued, and outlives queues and workers.
#pragma once

#include "core/describe/reader.h"
#include "engine/jobs/model.h"
#include "engine/jobs/payload_seal.h"

#include <functional>
#include <map>
#include <string_view>

namespace afterresume::jobs {

// What a second job of the same type and key meets. A key is the user's unless the new job names
// one.
enum class Unique : std::uint8_t {
    none,
    // At most one that has not begun; the one run takes all that is pending when it begins.
    while_queued,
    // At most one that has not ended.
    while_unfinished,
    // The same, and none until the type's Period after the last was asked for, if that one ended in
    // a way that counts.
    within_period,
};
BOOST_DESCRIBE_ENUM(Unique, none, while_queued, while_unfinished, within_period)

// How long a job keeps others of its key away, from when it was asked for, and by which outcomes it
// does so once it has ended: by default one that failed or was cancelled may be asked for anew at
// once.
struct Period {
    std::chrono::milliseconds length{0};
    std::vector<Status> counted{Status::success};
};

// Exponential with full jitter: a random part of min(cap, base * 2^(attempt - 1)).
struct Backoff {
    std::chrono::milliseconds base{5'000};
    std::chrono::milliseconds cap{600'000};
};

// A debounced job begins when nothing new was asked for during `quiet`, at the latest `longest`
// after the first.
struct Debounce {
    std::chrono::milliseconds quiet{5'000};
    std::chrono::milliseconds longest{60'000};
};

// Adds to the findings what a payload that a person made is not, with pointers below `at`.
using PayloadCheck =
    std::function<void(const Json& payload, const std::string& at, describe::Findings& findings)>;

template <describe::described_struct Args>
PayloadCheck payload_as() {
    return [](const Json& payload, const std::string& at, describe::Findings& findings) {
        Args args{};
        describe::read(payload, args, at, findings);
    };
}

struct JobType {
    // "worklog.analyze"
    std::string name;
    QueueName queue = QueueName::ai;
    std::int16_t priority = 1;
    std::int16_t max_attempts = 3;
    Backoff backoff = {};
    // Whom its attempts ask outside of the program, such as "mail": the retries of all types that
    // ask the same one share a budget.
    std::string provider = {};
    Unique unique = Unique::none;
    // Of a type that is unique within one.
    Period period = {};
    Debounce debounce = {};
    // What one job is expected to cost, in micro-units, unless whoever asks for it knows better.
    // Tenants take turns by it: see turns_of().
    std::int64_t estimated_cost = 0;
    // What the requester must be allowed to do when the job runs.
    Permission permission = Permission::write;
    // The names of those that its workflow plans, in their order.
    std::vector<std::string> steps = {};
    // Set for types that people may ask for by name, with this payload.
    PayloadCheck requestable = {};
    // Set for types that people may put on a schedule, with this payload.
    PayloadCheck schedulable = {};
};

class JobTypes {
public:
    // Throws std::logic_error for a name that is there already, and for a period without a length
    // or of a type that is not unique by one.
    const JobType& add(JobType type);
    const JobType* find(std::string_view name) const;
    // Throws std::logic_error for an unknown name: a mistake in the program.
    const JobType& get(std::string_view name) const;
    std::vector<const JobType*> all() const;

    // How payloads are kept; as they are until this is said.
    void seal_with(PayloadSeal seal) { seal_ = std::move(seal); }
    const PayloadSeal& seal() const { return seal_; }

private:
    PayloadSeal seal_;
    std::map<std::string, JobType, std::less<>> types_;
};

}  // namespace afterresume::jobs
