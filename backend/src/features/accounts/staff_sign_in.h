// Sign-in to operators' pages: eight hours, by a cookie alone. Owned by app/.
#pragma once

#include "features/accounts/sign_in_steps.h"

#include <string>
#include <vector>

namespace afterresume::accounts {

class StaffSignIn {
public:
    // `csrf_keys` bind the CSRF tokens of pages to their sessions; the newest first, as Keys are.
    StaffSignIn(SignInSteps::Parts parts, std::vector<std::string> csrf_keys, Rules rules)
        : parts_(parts), steps_(parts, Door::staff, rules), csrf_keys_(std::move(csrf_keys)) {}

    // As SignIn's. Whoever is no operator has the wrong credentials. Throws Error(forbidden,
    // "accounts.second_factor_needed") where a second factor is and is not there.
    Task<StaffStep> log_in(Login login, auditing::Origin origin, Uuid correlation);
    Task<StaffGrant> log_in(LoginCode login, auditing::Origin origin, Uuid correlation);
    // The scope of the cookie's session; nothing when it has ended. Asks the database each time.
    Task<std::optional<Scope>> find(std::string cookie, Uuid correlation);
    // HMAC-SHA256 of the scope's session: what no page can send but one that may read our answers.
    std::string csrf_token(const Scope& scope) const;
    bool is_csrf_token(const Scope& scope, std::string_view token) const;

private:
    StaffGrant grant_of(HeldSession held) const;

    SignInSteps::Parts parts_;
    SignInSteps steps_;
    std::vector<std::string> csrf_keys_;
};

}  // namespace afterresume::accounts
