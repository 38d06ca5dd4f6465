// Tenants on the wire, as operators see and change them: what they are, and nothing of what is in
// them.
#pragma once

#include "core/describe/notes.h"
#include "core/page.h"
#include "features/tenants/limits.h"
#include "features/tenants/model.h"

namespace afterresume::tenants {

struct AnyTenant {
    TenantId id;
    std::string name;
    std::string slug;
    // The one that limits it, if one does, and what differs from that.
    std::optional<std::string> plan;
    std::optional<Limits> limits;
    TenantStatus status = TenantStatus::active;
    std::optional<Timestamp> purge_at;
    std::int64_t members = 0;
    std::int64_t version = 1;
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(
    AnyTenant, (), (id, name, slug, plan, limits, status, purge_at, members, version, created_at)
)

struct ListTenants {
    std::optional<std::string> query;
    std::optional<TenantStatus> status;
    std::optional<std::int64_t> cursor;
    std::int64_t page_size = default_page_size;
};
BOOST_DESCRIBE_STRUCT(ListTenants, (), (query, status, cursor, page_size))

constexpr auto notes(ListTenants*) {
    using namespace describe;
    return std::tuple{
        note(&ListTenants::query, "Only those whose name begins so", length{1, 100}),
        note(&ListTenants::status, "Only those of this status"),
        note(&ListTenants::cursor, "next_cursor of the page before"),
        note(&ListTenants::page_size, "Tenants on a page", range{1, largest_page_size}),
    };
}

struct AnyTenantPage {
    std::vector<AnyTenant> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(AnyTenantPage, (), (items, next_cursor))

struct NewTenant {
    std::string name;
    std::string owner_email;
    std::optional<std::string> plan;
};
BOOST_DESCRIBE_STRUCT(NewTenant, (), (name, owner_email, plan))

constexpr auto notes(NewTenant*) {
    using namespace describe;
    return std::tuple{
        note(&NewTenant::name, "What it is called", length{1, 100}),
        note(
            &NewTenant::owner_email, "Who is invited by a mail to own it", length{3, 254},
            format{"email"}
        ),
        note(&NewTenant::plan, "free, pro or team; no plan when absent", length{1, 40}),
    };
}

struct InviteOwner {
    std::string owner_email;
};
BOOST_DESCRIBE_STRUCT(InviteOwner, (), (owner_email))

constexpr auto notes(InviteOwner*) {
    using namespace describe;
    return std::tuple{
        note(
            &InviteOwner::owner_email, "Who is invited by a mail to own it", length{3, 254},
            format{"email"}
        ),
    };
}

// What operators make of a tenant; deletion is a verb of its own.
enum class Standing : std::uint8_t { active, suspended };
BOOST_DESCRIBE_ENUM(Standing, active, suspended)

struct ChangeTenant {
    Replacement<std::string> name;
    Replacement<Standing> status;
    Change<std::string> plan;
    Change<Limits> limits;
};
BOOST_DESCRIBE_STRUCT(ChangeTenant, (), (name, status, plan, limits))

constexpr auto notes(ChangeTenant*) {
    using namespace describe;
    return std::tuple{
        note(&ChangeTenant::name, "What it is called", length{1, 100}),
        note(
            &ChangeTenant::status,
            "suspended lets nobody in until active does; active keeps one that is to be deleted"
        ),
        note(&ChangeTenant::plan, "free, pro or team; null for no plan", length{1, 40}),
        note(
            &ChangeTenant::limits,
            "Figures of its own, in place of all that were; null for none but the plan's"
        ),
    };
}

}  // namespace afterresume::tenants
