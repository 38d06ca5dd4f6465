// A workspace and who belongs to it.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"
#include "core/scope.h"

#include <optional>
#include <string>

namespace afterresume::tenants {

enum class Status : std::uint8_t { active, suspended };
BOOST_DESCRIBE_ENUM(Status, active, suspended)

// One that is pending_deletion is read by its members, written by nobody, and gone at its purge_at.
enum class TenantStatus : std::uint8_t { active, suspended, pending_deletion };
BOOST_DESCRIBE_ENUM(TenantStatus, active, suspended, pending_deletion)

struct TenantView {
    TenantId id;
    std::string name;
    std::string slug;
    // The one that limits it, if one does.
    std::optional<std::string> plan;
    TenantStatus status = TenantStatus::active;
    std::optional<Timestamp> purge_at;
    std::int64_t version = 1;
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(TenantView, (), (id, name, slug, plan, status, purge_at, version, created_at))

// Somebody in a tenant.
struct Member {
    Id<Member> id;
    UserId user_id;
    std::string display_name;
    std::string email;
    Role role = Role::read_only;
    Status status = Status::active;
    // Of the queued jobs that the tenant may have: see share_of().
    std::int64_t share_percent = 100;
    std::int64_t version = 1;
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(
    Member, (), (id, user_id, display_name, email, role, status, share_percent, version, created_at)
)

// A tenant as one of its members sees it from outside.
struct OwnTenant {
    TenantId id;
    std::string name;
    std::string slug;
    // The one that limits it, if one does.
    std::optional<std::string> plan;
    TenantStatus status = TenantStatus::active;
    std::optional<Timestamp> purge_at;
    Role role = Role::read_only;
    Timestamp joined_at;
};
BOOST_DESCRIBE_STRUCT(OwnTenant, (), (id, name, slug, plan, status, purge_at, role, joined_at))

inline constexpr std::size_t most_of_one_user = 50;

// "Ada's workspace" → "ada-s-workspace-1000": unique by the tenant's id.
std::string slug_of(const std::string& name, TenantId id);

}  // namespace afterresume::tenants
