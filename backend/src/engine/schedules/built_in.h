// The program's own schedules: they belong to no tenant, and nobody makes or removes them.
#pragma once

#include "engine/schedules/model.h"
#include "infra/sql/database.h"

#include <vector>

namespace afterresume::schedules {

struct BuiltIn {
    // Its job takes no payload.
    std::string job_type;
    // In UTC.
    std::string cron;
};

// Brings the table in line with the list: makes what is not there, and changes what has another
// rhythm; whether one is paused stays as it is. Others are left alone: a newer program's may be
// among them. For engine transactions; any number of nodes may do it at once.
Task<void> install(sql::Tx& tx, std::vector<BuiltIn> list, Timestamp now);

}  // namespace afterresume::schedules
