// What processes left behind, as break_engine.py reads it.
#pragma once

#include "infra/sql/database.h"

namespace afterresume::faults {

// What there is, and what is against the engine's promises, as a line of JSON.
Task<void> look(sql::Database& database, std::int64_t rescue_cap);
// "JOB STEP TIME" for each that is kept, in milliseconds.
Task<void> list_steps(sql::Database& database);

}  // namespace afterresume::faults
