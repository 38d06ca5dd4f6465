#include "violations.h"

#include "engine/jobs/invariants.h"

namespace afterresume::simulation {

std::vector<std::string> violations_in(sql::ScratchDatabase& scratch) {
    std::vector<std::string> sentences;
    auto found = scratch.run(jobs::find_violations(scratch.database(), {.claimable_since = {}}));
    for (const auto& one : found)
        sentences.push_back(one.invariant + " " + one.subject + ": " + one.sentence);
    return sentences;
}

}  // namespace afterresume::simulation
