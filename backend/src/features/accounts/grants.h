// What somebody gets who signs in, and what signing in goes by.
#pragma once

#include "features/accounts/schema.h"
#include "features/accounts/staff_schema.h"

#include <optional>
#include <string>
#include <vector>

namespace afterresume::accounts {

// Open to all at once, or by_mail: by the code of a mail, so that no answer tells who has an
// account.
enum class SignUpMode : std::uint8_t { invite, open, by_mail };

// What became of who is to operate the installation.
enum class Operator : std::uint8_t { made, raised, unchanged };

// What access tokens are signed with, and in whose name.
struct Keys {
    // The newest first: that one signs, and what any of them signed is taken.
    std::vector<std::string> access;
    std::string issuer;
};

struct Rules {
    SignUpMode sign_up = SignUpMode::invite;
    // Whether operators count as such by a second factor alone.
    bool staff_need_second_factor = false;
};

// What a client gets: the body, and the refresh token for the cookie.
struct Grant {
    SignedIn body;
    std::string refresh_token;
};

// What an operator's page gets: the body, and the value of its cookie.
struct StaffGrant {
    StaffSession body;
    std::int64_t seconds = 0;
    std::string cookie;
};

// What a password leads to: a grant, or the token of the second step.
template <class G>
struct StepTo {
    std::optional<G> grant;
    std::string mfa_token;
    std::int64_t mfa_seconds = 0;
};
using FirstStep = StepTo<Grant>;
using StaffStep = StepTo<StaffGrant>;

}  // namespace afterresume::accounts
