// What operators' pages are signed in by, and how that looks on the wire.
#pragma once

#include "core/describe/notes.h"
#include "features/accounts/schema.h"

#include <string_view>

namespace afterresume::accounts {

// The cookie and the header that goes with it in whatever changes something.
inline constexpr std::string_view staff_cookie = "__Host-staff";
inline constexpr std::string_view csrf_header = "x-csrf-token";

struct StaffSession {
    std::string csrf_token;
    Me user;
};
BOOST_DESCRIBE_STRUCT(StaffSession, (), (csrf_token, user))

constexpr auto notes(StaffSession*) {
    using namespace describe;
    return std::tuple{
        note(
            &StaffSession::csrf_token,
            "For the X-CSRF-Token header of whatever changes something by the cookie"
        ),
    };
}

// As LoginAnswer; the session travels beside it, in a cookie that scripts cannot read.
struct StaffLoginAnswer {
    bool mfa_required = false;
    std::optional<std::string> mfa_token;
    std::int64_t expires_in = 0;
    std::optional<std::string> csrf_token;
    std::optional<Me> user;
};
BOOST_DESCRIBE_STRUCT(StaffLoginAnswer, (), (mfa_required, mfa_token, expires_in, csrf_token, user))

struct ResetSecondFactor {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(ResetSecondFactor, (), (email))

constexpr auto notes(ResetSecondFactor*) {
    using namespace describe;
    return std::tuple{
        note(&ResetSecondFactor::email, "Of whoever has lost it", length{3, 254}),
    };
}

}  // namespace afterresume::accounts
