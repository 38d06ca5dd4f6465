// Makes a Scope. Included by sign-in (api), the job runner (engine) and tests only; an architecture
// test says so.
#pragma once

#include "core/scope.h"

namespace afterresume {

struct Identity {
    TenantId tenant;
    UserId user;
    Role role = Role::read_only;
    bool staff = false;
    std::int64_t session = 0;
    std::string time_zone = "UTC";
    // What a token was made for; no limit beyond the role without one.
    std::optional<std::vector<Permission>> limited_to;
    Cause cause;
};

class ScopeMint {
public:
    static Scope mint(const Identity& identity);
};

}  // namespace afterresume
