// Tells housekeeping (version bumps, releases, typos, merges) from work worth a line of its own.
#pragma once

#include "ai/agents/statements.h"
#include "ai/agents/subject.h"

namespace afterresume::agents {

Routine routine_of(const Subject& subject);

}  // namespace afterresume::agents
