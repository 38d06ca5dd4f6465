// Second factors, sealed anew when ENCRYPTION_KEY was changed.
#pragma once

#include "infra/resealing/resealing.h"

namespace afterresume::accounts {

// Of everybody, as SecondFactor seals them with these keys.
Task<resealing::Tally> reseal_second_factors(
    sql::Database& database, sql::Access access, std::vector<std::string> keys
);

}  // namespace afterresume::accounts
