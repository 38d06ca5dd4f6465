// Jobs and the attempts at them as the reference knows them.
#pragma once

#include "engine/jobs/job_types.h"

#include <set>
#include <string>
#include <vector>

namespace afterresume::simulation {

// A job by its place in the order of enqueueing.
using Place = std::size_t;

struct Parent {
    Place place = 0;
    jobs::OnFailure on_failure = jobs::OnFailure::fail;
    bool met = false;
};

struct Job {
    TenantId tenant;
    jobs::QueueName queue = jobs::QueueName::ai;
    std::int64_t priority = 1;
    std::int64_t max_attempts = 3;
    std::optional<Timestamp> deadline;
    std::vector<Parent> parents;
    // Nothing once it has ended.
    std::optional<jobs::State> state;
    std::optional<jobs::Status> outcome;
    Timestamp run_at;
    std::int64_t lease_seq = 0;
    std::int64_t generation = 1;
    std::int64_t attempts = 0;
    std::int64_t rescues = 0;
    bool cancel_requested = false;
    std::optional<std::size_t> worker;
    std::string error;
    std::set<std::string> steps;
    jobs::Unique unique = jobs::Unique::none;
    // Of a unique one, with its type.
    std::string key;
    bool holds_key = false;
    // Of a debounced one, until it begins.
    std::optional<Timestamp> latest_at;
};

// What was given to who asked for a unique job.
struct Given {
    Place place = 0;
    bool fresh = true;
};

// What somebody who claimed a job believes to hold, for as long as they live or longer.
struct Attempt {
    Place place = 0;
    std::int64_t lease_seq = 0;
    std::int64_t generation = 1;
    std::int64_t attempts = 0;
    std::size_t worker = 0;
};

}  // namespace afterresume::simulation
