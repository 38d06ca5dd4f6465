// Whom a job may act for, asked when it runs. Implemented by app/ over tenants and accounts;
// outlives the workers.
#pragma once

#include "core/scope_mint.h"
#include "core/task.h"

#include <optional>

namespace afterresume::orchestration {

class Rights {
public:
    virtual ~Rights() = default;
    // The user's current membership in that tenant; nullopt when it is gone or suspended, or the
    // user is. User 0 is the program itself, working for that tenant; tenant 0 is nobody's.
    virtual Task<std::optional<Identity>> find(TenantId tenant, UserId user) = 0;
};

}  // namespace afterresume::orchestration
