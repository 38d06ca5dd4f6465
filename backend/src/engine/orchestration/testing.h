// People of tests and benchmarks who may do what members may.
#pragma once

#include "engine/orchestration/rights.h"

namespace afterresume::orchestration {

inline Identity member_of(TenantId tenant, UserId user) {
    Identity identity;
    identity.tenant = tenant;
    identity.user = user;
    identity.role = Role::member;
    return identity;
}

// Whoever it is.
class Anybody : public Rights {
public:
    Task<std::optional<Identity>> find(TenantId tenant, UserId user) override {
        co_return member_of(tenant, user);
    }
};

}  // namespace afterresume::orchestration
