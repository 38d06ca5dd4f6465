// What of the engine's promises a database breaks, one sentence each.
#pragma once

#include "infra/sql/testing.h"

#include <string>
#include <vector>

namespace afterresume::simulation {

std::vector<std::string> violations_in(sql::ScratchDatabase& scratch);

}  // namespace afterresume::simulation
