// A workspace and who belongs to it.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"
#include "core/scope.h"

#include <string>

namespace afterresume::tenants {

enum class Status : std::uint8_t { active, suspended };
BOOST_DESCRIBE_ENUM(Status, active, suspended)

struct TenantView {
    TenantId id;
    std::string name;
    std::string slug;
    std::string plan;
    Status status = Status::active;
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(TenantView, (), (id, name, slug, plan, status, created_at))

struct Membership {
    Id<Membership> id;
    UserId user_id;
    Role role = Role::read_only;
    Status status = Status::active;
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(Membership, (), (id, user_id, role, status, created_at))

// "Ada's workspace" → "ada-s-workspace-1000": unique by the tenant's id.
std::string slug_of(const std::string& name, TenantId id);

}  // namespace afterresume::tenants
