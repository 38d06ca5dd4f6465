// What the program does by itself at set times. Read the table in built_in_schedules.cpp.
#pragma once

#include "engine/schedules/built_in.h"

namespace afterresume::workflows {

std::vector<schedules::BuiltIn> built_in_schedules();

}  // namespace afterresume::workflows
