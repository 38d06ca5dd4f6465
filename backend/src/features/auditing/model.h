// The record of who did what to accounts and rights. Append-only.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"

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
    member_removed,
    member_left,
    ownership_transferred,
    tenant_deleted,
    tenant_restored,
    tenant_purged,
    tenant_exported,
    export_downloaded,
    account_deleted,
    permission_denied,
    bootstrap,
    share_made,
    share_changed,
    share_revoked,
};
BOOST_DESCRIBE_ENUM(
    Act, login, second_factor_used, logout, refresh, refresh_reuse, signup, session_revoked,
    email_verified, password_forgotten, password_reset, password_changed, second_factor_added,
    second_factor_removed, recovery_codes_made, recovery_code_used, token_made, token_revoked,
    invitation_made, invitation_revoked, invitation_redeemed, tenant_created, tenant_changed,
    member_joined, role_changed, member_suspended, member_reactivated, member_removed, member_left,
    ownership_transferred, tenant_deleted, tenant_restored, tenant_purged, tenant_exported,
    export_downloaded, account_deleted, permission_denied, bootstrap, share_made, share_changed,
    share_revoked
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

}  // namespace afterresume::auditing
