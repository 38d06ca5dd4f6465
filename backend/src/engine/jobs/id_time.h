// Job ids sort by the time they were made at; this is how a time becomes a border between them.
#pragma once

#include "core/clock.h"
#include "core/id.h"

namespace afterresume::jobs {

// Not above any id that was made at that time or later, and above all that were made before.
Uuid least_id(Timestamp time);

}  // namespace afterresume::jobs
