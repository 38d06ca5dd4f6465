// People who can sign in, and the devices they are signed in on. Values and pure functions only.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"
#include "core/error.h"
#include "core/scope.h"

#include <optional>
#include <string>

namespace afterresume::accounts {

// The first day of somebody's week.
enum class WeekStart : std::uint8_t { monday, saturday, sunday };
BOOST_DESCRIBE_ENUM(WeekStart, monday, saturday, sunday)

struct Account {
    UserId id;
    std::string email;
    std::string email_folded;
    std::string password_hash;
    std::string display_name;
    std::optional<std::string> headline;
    std::string time_zone = "UTC";
    std::string locale = "en";
    WeekStart week_start = WeekStart::monday;
    bool is_staff = false;
    // Of operators: whether they act, and not only look.
    bool may_operate = false;
    bool is_active = true;
    std::optional<Timestamp> last_login_at;
    std::optional<Timestamp> email_verified_at;
    // Each new password begins another; sessions of an earlier one have ended.
    std::int64_t sign_in_epoch = 0;
    // Counts what its owner changed; for If-Match.
    std::int64_t version = 1;
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(
    Account, (),
    (id, email, email_folded, password_hash, display_name, headline, time_zone, locale, week_start,
     is_staff, may_operate, is_active, last_login_at, email_verified_at, sign_in_epoch, version,
     created_at)
)

// One device: the family of its refresh tokens.
struct Session {
    Id<Session> id;
    std::int64_t version = 1;
    std::int64_t sign_in_epoch = 0;
    std::string user_agent;
    std::string address;
    Timestamp created_at;
    Timestamp last_used_at;
    Timestamp expires_at;
    std::optional<Timestamp> ended_at;
};
BOOST_DESCRIBE_STRUCT(
    Session, (),
    (id, version, sign_in_epoch, user_agent, address, created_at, last_used_at, expires_at,
     ended_at)
)

// A session, and the tenant that somebody acts in by it.
struct SessionPlace {
    Id<Session> session_id;
    TenantId tenant;
};
BOOST_DESCRIBE_STRUCT(SessionPlace, (), (session_id, tenant))

// What a session allows in a tenant right now; absent rows mean "nothing".
struct LiveSession {
    Id<Session> session_id;
    UserId user_id;
    TenantId tenant;
    std::int64_t version = 0;
    Role role = Role::read_only;
    bool is_staff = false;
    bool has_second_factor = false;
    std::string time_zone = "UTC";
};
BOOST_DESCRIBE_STRUCT(
    LiveSession, (),
    (session_id, user_id, tenant, version, role, is_staff, has_second_factor, time_zone)
)

// Whose sessions may be other than they were: one session, all of a user's, or all in a tenant.
struct SessionChange {
    std::optional<Id<Session>> session_id;
    std::optional<UserId> user_id;
    std::optional<TenantId> of_tenant;
};
BOOST_DESCRIBE_STRUCT(SessionChange, (), (session_id, user_id, of_tenant))

// The claims of an access token (RFC 7519 names where they exist).
struct Claims {
    std::string iss;
    std::string aud;
    UserId sub;
    TenantId tid;
    Id<Session> sid;
    std::int64_t ver = 0;
    std::int64_t nbf = 0;
    std::int64_t exp = 0;
};
BOOST_DESCRIBE_STRUCT(Claims, (), (iss, aud, sub, tid, sid, ver, nbf, exp))

// The same for whatever of the two is wrong.
Error wrong_credentials();

Error not_signed_in();
Error address_taken();

// Why a password is too weak to be taken, as a sentence fragment for a field error; nothing when it
// is not.
std::optional<std::string> weakness(const std::string& password, const std::string& email);

}  // namespace afterresume::accounts
