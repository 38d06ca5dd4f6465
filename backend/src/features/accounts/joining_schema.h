// Several tenants of one account, on the wire.
#pragma once

#include "core/describe/notes.h"
#include "core/describe/traits.h"
#include "core/scope.h"

#include <optional>
#include <string>

namespace afterresume::accounts {

struct Refresh {
    std::optional<TenantId> tenant_id;
};
BOOST_DESCRIBE_STRUCT(Refresh, (), (tenant_id))

constexpr auto notes(Refresh*) {
    using namespace describe;
    return std::tuple{
        note(&Refresh::tenant_id, "Which of your tenants it shall be for; the last when absent")
    };
}

struct SwitchTenant {
    TenantId tenant_id;
};
BOOST_DESCRIBE_STRUCT(SwitchTenant, (), (tenant_id))

constexpr auto notes(SwitchTenant*) {
    using namespace describe;
    return std::tuple{note(&SwitchTenant::tenant_id, "One of your tenants")};
}

struct CreateTenant {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(CreateTenant, (), (name))

constexpr auto notes(CreateTenant*) {
    using namespace describe;
    return std::tuple{note(&CreateTenant::name, "What it is called", length{1, 100})};
}

struct AcceptInvitation {
    std::string code;
};
BOOST_DESCRIBE_STRUCT(AcceptInvitation, (), (code))

constexpr auto notes(AcceptInvitation*) {
    using namespace describe;
    return std::tuple{note(&AcceptInvitation::code, "The code of the link", length{1, 100})};
}

}  // namespace afterresume::accounts
