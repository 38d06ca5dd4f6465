// What former keys sealed in the database, sealed anew with the newest: the one list of everything
// that is sealed.
#pragma once

#include "infra/config/settings.h"
#include "infra/resealing/resealing.h"

#include <functional>
#include <string>
#include <string_view>

namespace afterresume::app {

// Of one kind of thing, when all of them have been looked at.
using TellTally = std::function<void(std::string_view things, const resealing::Tally& tally)>;

// Of everything; with write access what former keys sealed is sealed anew. As
// open_owners_database() opens it; the program may run beside it, with the same newest key.
Task<resealing::Tally> reseal_everything(
    sql::Database& owners, sql::Access access, const config::Settings& settings,
    const std::string& secret, TellTally tell
);

}  // namespace afterresume::app
