#include "features/accounts/staff_sign_in.h"

#include "infra/crypto/crypto.h"

#include <algorithm>

namespace afterresume::accounts {

namespace {

std::string csrf_token_of(const std::string& key, const Scope& scope) {
    return crypto::base64url(crypto::hmac_sha256(key, std::to_string(scope.session())));
}

}  // namespace

Task<StaffStep> StaffSignIn::log_in(Login login, auditing::Origin origin, Uuid correlation) {
    auto taken = co_await steps_.log_in(std::move(login), std::move(origin), correlation);
    StaffStep step{std::nullopt, std::move(taken.mfa_token), taken.mfa_seconds};
    if (taken.grant) step.grant = grant_of(std::move(*taken.grant));
    co_return step;
}

Task<StaffGrant> StaffSignIn::log_in(LoginCode login, auditing::Origin origin, Uuid correlation) {
    co_return grant_of(co_await steps_.log_in(std::move(login), std::move(origin), correlation));
}

StaffGrant StaffSignIn::grant_of(HeldSession held) const {
    return {
        {csrf_token(held.scope), std::move(held.user)},
        lifetime_of(Door::staff).count(),
        std::move(held.secret)
    };
}

Task<std::optional<Scope>> StaffSignIn::find(std::string cookie, Uuid correlation) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto live = co_await parts_.accounts.find_staff_session(
        *anonymous, crypto::sha256(cookie), parts_.clock.now()
    );
    if (!live) co_return std::nullopt;
    co_return steps_.scope_of(*live, correlation);
}

std::string StaffSignIn::csrf_token(const Scope& scope) const {
    return csrf_token_of(csrf_keys_.front(), scope);
}

bool StaffSignIn::is_csrf_token(const Scope& scope, std::string_view token) const {
    return std::ranges::any_of(csrf_keys_, [&](const std::string& key) {
        return crypto::equal_in_constant_time(token, csrf_token_of(key, scope));
    });
}

}  // namespace afterresume::accounts
