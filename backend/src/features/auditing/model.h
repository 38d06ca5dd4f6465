// The record of who did what to accounts and rights. Append-only.
#pragma once

#include "core/clock.h"
#include "core/describe/notes.h"
#include "core/describe/traits.h"
#include "core/id.h"
#include "core/page.h"

#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace afterresume::auditing {

enum class Act : std::uint8_t {
    login,
    second_factor_used,
    logout,
    refresh,
    refresh_reuse,
    signup,
    session_revoked,
    email_verified,
    password_forgotten,
    password_reset,
    password_changed,
    second_factor_added,
    second_factor_removed,
    recovery_codes_made,
    recovery_code_used,
    token_made,
    token_revoked,
    invitation_made,
    invitation_revoked,
    invitation_redeemed,
    tenant_created,
    tenant_changed,
    member_joined,
    role_changed,
    member_suspended,
    member_reactivated,
    member_limited,
    member_removed,
    member_left,
    ownership_transferred,
    tenant_deleted,
    tenant_restored,
    tenant_suspended,
    tenant_reactivated,
    tenant_purged,
    tenant_exported,
    export_downloaded,
    account_made,
    account_deactivated,
    account_reactivated,
    signed_out,
    account_deleted,
    permission_denied,
    bootstrap,
    operator_made,
    operator_changed,
    share_made,
    share_changed,
    share_revoked,
    break_glass_opened,
    break_glass_ended,
    job_content_read,
};
BOOST_DESCRIBE_ENUM(
    Act, login, second_factor_used, logout, refresh, refresh_reuse, signup, session_revoked,
    email_verified, password_forgotten, password_reset, password_changed, second_factor_added,
    second_factor_removed, recovery_codes_made, recovery_code_used, token_made, token_revoked,
    invitation_made, invitation_revoked, invitation_redeemed, tenant_created, tenant_changed,
    member_joined, role_changed, member_suspended, member_reactivated, member_limited,
    member_removed, member_left, ownership_transferred, tenant_deleted, tenant_restored,
    tenant_suspended, tenant_reactivated, tenant_purged, tenant_exported, export_downloaded,
    account_made, account_deactivated, account_reactivated, signed_out, account_deleted,
    permission_denied, bootstrap, operator_made, operator_changed, share_made, share_changed,
    share_revoked, break_glass_opened, break_glass_ended, job_content_read
)

enum class Outcome : std::uint8_t { success, failure };
BOOST_DESCRIBE_ENUM(Outcome, success, failure)

// Where a request came from.
struct Origin {
    std::string address;
    std::string user_agent;
};

struct AuthEvent {
    Id<AuthEvent> id;
    std::optional<Id<User>> user_id;
    Act name = Act::login;
    Outcome outcome = Outcome::success;
    std::string address;
    std::string user_agent;
    Uuid correlation_id;
    Json data;
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(
    AuthEvent, (),
    (id, user_id, name, outcome, address, user_agent, correlation_id, data, created_at)
)

// One of any tenant, or of none.
struct TrailEvent : AuthEvent {
    TenantId tenant_id;
};
BOOST_DESCRIBE_STRUCT(TrailEvent, (AuthEvent), (tenant_id))

// What operators look for in the trail of all tenants.
struct ListTrail {
    std::optional<std::int64_t> tenant_id;
    std::optional<UserId> user_id;
    std::optional<Act> name;
    std::optional<Outcome> outcome;
    std::optional<Timestamp> from;
    std::optional<Timestamp> to;
    std::optional<std::int64_t> cursor;
    std::int64_t page_size = default_page_size;
};
BOOST_DESCRIBE_STRUCT(
    ListTrail, (), (tenant_id, user_id, name, outcome, from, to, cursor, page_size)
)

constexpr auto notes(ListTrail*) {
    using namespace describe;
    return std::tuple{
        note(
            &ListTrail::tenant_id, "Only of this tenant; 0 for what concerns none",
            range{0, INT64_MAX}
        ),
        note(&ListTrail::user_id, "Only of this user"),
        note(&ListTrail::name, "Only of this act"),
        note(&ListTrail::outcome, "Only what ended so"),
        note(&ListTrail::from, "Not before this time"),
        note(&ListTrail::to, "Before this time"),
        note(&ListTrail::cursor, "next_cursor of the page before"),
        note(&ListTrail::page_size, "Records on a page", range{1, largest_page_size}),
    };
}

}  // namespace afterresume::auditing
