// The steps of a workflow, declared: what each is called, how much of the work it is, how it is
// tried. Read by runs, for progress, and by whoever draws or documents the workflow.
#pragma once

#include "engine/jobs/job_types.h"

#include <chrono>
#include <string>
#include <vector>

namespace afterresume::orchestration {

struct StepPlan {
    // Lower case, digits and _. Parts that are done side by side are called name/0, name/1…
    std::string name;
    // Its share of the job's work, beside those of the other steps.
    std::int16_t weight = 1;
    // Told when it is done.
    std::string sentence = {};
    // Tries within one attempt when the error may pass; for short troubles, since the slot is held.
    // They share the budget of retries with those of jobs.
    std::int16_t tries = 1;
    jobs::Backoff backoff{std::chrono::milliseconds(500), std::chrono::seconds(10)};
    // Of one try of work that awaits; none when zero.
    std::chrono::milliseconds time_limit{0};
};
using Plan = std::vector<StepPlan>;

}  // namespace afterresume::orchestration
