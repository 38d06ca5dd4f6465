// One attempt at one claimed job: whose rights, which workflow, and what its end or its error means
// for the job.
#pragma once

#include "engine/jobs/outcomes.h"
#include "engine/jobs/retry_budget.h"
#include "engine/workers/worker.h"

#include <memory>
#include <optional>
#include <variant>

namespace afterresume::workers {

struct Attempt {
    jobs::Claimed job;
    std::shared_ptr<jobs::Lease> lease;
    // Later than the commit of its claim.
    jobs::BootTime begun{0};
    orchestration::Signals signals;
};

// What is left to write once an attempt has ended.
using Outcome = std::variant<jobs::Ending, jobs::Return>;

struct Made {
    // success, failed, cancelled, retry, waiting or lost.
    std::string_view name;
    // Nothing when the workflow has written it, the job waits, or is somebody else's.
    std::optional<Outcome> left;
};
// Never throws. `chance` in [0, 1) decides how long a retry waits, which is longest when the budget
// has none left.
Task<Made> make_attempt(
    const Parts& parts, Attempt& attempt, jobs::RetryBudget& retries, double chance
);

}  // namespace afterresume::workers
