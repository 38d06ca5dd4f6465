// Pieces of exports, sealed anew when ENCRYPTION_KEY was changed.
#pragma once

#include "infra/resealing/resealing.h"

namespace afterresume::exports {

// Of all tenants, as Service seals them with these keys.
Task<resealing::Tally> reseal_pieces(
    sql::Database& database, sql::Access access, std::vector<std::string> keys
);

}  // namespace afterresume::exports
