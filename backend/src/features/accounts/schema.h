// Sign-in on the wire.
#pragma once

#include "core/list_more.h"
#include "features/accounts/model.h"
#include "features/accounts/sign_up_schema.h"
#include "features/tenants/model.h"

#include <vector>

namespace afterresume::accounts {

struct Login {
    std::string email;
    std::string password;
};
BOOST_DESCRIBE_STRUCT(Login, (), (email, password))

constexpr auto notes(Login*) {
    using namespace describe;
    return std::tuple{
        note(&Login::email, "Your address", length{1, 254}),
        note(&Login::password, "Your password", length{1, 1024}),
    };
}

struct Me {
    UserId id;
    std::string email;
    std::string display_name;
    std::optional<std::string> headline;
    std::string time_zone;
    std::string locale;
    WeekStart week_start = WeekStart::monday;
    bool email_verified = false;
    bool is_staff = false;
    // Of operators: whether they act, and not only look.
    bool may_operate = false;
    TenantId tenant_id;
    std::string tenant_name;
    Role role = Role::read_only;
};
BOOST_DESCRIBE_STRUCT(
    Me, (),
    (id, email, display_name, headline, time_zone, locale, week_start, email_verified, is_staff,
     may_operate, tenant_id, tenant_name, role)
)

struct ChangeMe {
    Replacement<std::string> display_name;
    Change<std::string> headline;
    Replacement<std::string> time_zone;
    Replacement<std::string> locale;
    Replacement<WeekStart> week_start;
};
BOOST_DESCRIBE_STRUCT(ChangeMe, (), (display_name, headline, time_zone, locale, week_start))

constexpr auto notes(ChangeMe*) {
    using namespace describe;
    return std::tuple{
        note(&ChangeMe::display_name, "Your name as others see it", length{1, 100}),
        note(&ChangeMe::headline, "What you are, in a line; null for nothing", length{1, 200}),
        note(&ChangeMe::time_zone, "IANA name of your time zone", format{"time-zone"}),
        note(&ChangeMe::locale, "BCP 47 tag of your language", length{2, 20}),
        note(&ChangeMe::week_start, "The day on which your weeks begin"),
    };
}

Me me_of(const Account& account, const tenants::TenantView& tenant, Role role);

// The refresh token travels beside it, in a cookie that scripts cannot read.
struct SignedIn {
    std::string access_token;
    std::string token_type = "Bearer";
    std::int64_t expires_in = 0;
    Me user;
};
BOOST_DESCRIBE_STRUCT(SignedIn, (), (access_token, token_type, expires_in, user))

// With a second factor, a sign-in has two steps: then nothing but `mfa_token` is given, for the
// second one.
struct LoginAnswer {
    bool mfa_required = false;
    std::optional<std::string> mfa_token;
    std::int64_t expires_in = 0;
    std::optional<std::string> access_token;
    std::optional<std::string> token_type;
    std::optional<Me> user;
};
BOOST_DESCRIBE_STRUCT(
    LoginAnswer, (), (mfa_required, mfa_token, expires_in, access_token, token_type, user)
)

struct SessionView {
    Id<Session> id;
    std::string user_agent;
    std::string address;
    Timestamp created_at;
    Timestamp last_used_at;
    bool current = false;
    // For If-Match.
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(
    SessionView, (), (id, user_agent, address, created_at, last_used_at, current, version)
)

struct SessionPage {
    std::vector<SessionView> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(SessionPage, (), (items, next_cursor))

}  // namespace afterresume::accounts
