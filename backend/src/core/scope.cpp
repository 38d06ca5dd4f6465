#include "core/scope.h"

#include "core/scope_mint.h"

#include <algorithm>

namespace afterresume {

bool Scope::may(Permission permission) const {
    if (limited_to_ && std::ranges::find(*limited_to_, permission) == limited_to_->end())
        return false;
    switch (permission) {
        case Permission::read:
            return true;
        case Permission::write:
            return role_ != Role::read_only;
        case Permission::manage:
            return role_ == Role::owner || role_ == Role::admin;
        case Permission::own:
            return role_ == Role::owner;
    }
    return false;
}

Scope ScopeMint::mint(const Identity& identity) {
    Scope scope;
    scope.tenant_ = identity.tenant;
    scope.user_ = identity.user;
    scope.role_ = identity.role;
    scope.staff_ = identity.staff;
    scope.session_ = identity.session;
    scope.time_zone_ = identity.time_zone;
    scope.limited_to_ = identity.limited_to;
    scope.cause_ = identity.cause;
    return scope;
}

}  // namespace afterresume
