// A single-use code that lets its holder sign up into a tenant. Only its hash is kept.
#pragma once

#include "core/clock.h"
#include "core/describe/notes.h"
#include "core/describe/traits.h"
#include "core/scope.h"

#include <optional>
#include <string>

namespace afterresume::invitations {

struct Invitation {
    Id<Invitation> id;
    std::optional<std::string> email;
    Role role = Role::member;
    Timestamp created_at;
    Timestamp expires_at;
    std::optional<Timestamp> redeemed_at;
    // For If-Match: 1 until it is redeemed, 2 from then on.
    std::int64_t version = 1;

    bool open_at(Timestamp now) const { return !redeemed_at && expires_at > now; }
};
BOOST_DESCRIBE_STRUCT(
    Invitation, (), (id, email, role, created_at, expires_at, redeemed_at, version)
)

}  // namespace afterresume::invitations
