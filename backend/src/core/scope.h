// On whose behalf something happens: a tenant, a user in it, and what that user may do. Every use
// case takes one. Only sign-in and the job runner can make one (ScopeMint, core/scope_mint.h); no
// feature includes that header.
#pragma once

#include "core/id.h"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace afterresume {

enum class Role : std::uint8_t { owner, admin, member, read_only };
BOOST_DESCRIBE_ENUM(Role, owner, admin, member, read_only)

// The rows of the permission table: read; write; manage (invite, roles, quotas, audit); own
// (billing, deletion).
enum class Permission : std::uint8_t { read, write, manage, own };
BOOST_DESCRIBE_ENUM(Permission, read, write, manage, own)

// What made it happen: a request, or a job (nil for a request) with the first of its chain and
// their common trace.
struct Cause {
    Uuid correlation;
    Uuid job;
    Uuid root;
    Uuid trace;
};

class Scope {
public:
    TenantId tenant() const { return tenant_; }
    UserId user() const { return user_; }
    Role role() const { return role_; }
    // Of the session that signed in, 0 for a job.
    std::int64_t session() const { return session_; }
    // IANA name of the user's zone, for "today".
    const std::string& time_zone() const { return time_zone_; }
    bool is_staff() const { return staff_; }
    // On every event and job that comes of it.
    const Cause& cause() const { return cause_; }
    const Uuid& correlation() const { return cause_.correlation; }
    bool may(Permission permission) const;
    // Whether a token stands for the user, which may do less than its owner.
    bool is_limited() const { return limited_to_.has_value(); }

private:
    friend class ScopeMint;
    Scope() = default;

    TenantId tenant_;
    UserId user_;
    Role role_ = Role::read_only;
    bool staff_ = false;
    std::int64_t session_ = 0;
    std::string time_zone_ = "UTC";
    std::optional<std::vector<Permission>> limited_to_;
    Cause cause_;
};

}  // namespace afterresume
