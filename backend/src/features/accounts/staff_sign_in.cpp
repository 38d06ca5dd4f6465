// The part of SignIn that lets operators in by the cookie of their pages.
#include "core/text.h"
#include "features/accounts/sign_in.h"
#include "infra/crypto/crypto.h"

#include <algorithm>

namespace afterresume::accounts {

namespace {

constexpr auto staff_lifetime = std::chrono::hours(8);

std::string csrf_token_of(const std::string& key, const Scope& scope) {
    return crypto::base64url(crypto::hmac_sha256(key, std::to_string(scope.session())));
}

}  // namespace

Task<StaffStep> SignIn::log_in_staff(Login login, auditing::Origin origin, Uuid correlation) {
    auto email = fold_for_search(login.email);
    auto proof = co_await prove(std::move(login), origin, correlation, Door::staff);
    StaffStep step{std::nullopt, std::move(proof.mfa_token), proof.mfa_seconds};
    if (proof.grant)
        step.grant = co_await open_staff_session(std::move(*proof.grant), std::move(origin));
    co_await parts_.guesses.forget("password", email);
    co_return step;
}

Task<StaffGrant> SignIn::log_in_staff(LoginCode login, auditing::Origin origin, Uuid correlation) {
    auto proven = co_await prove(std::move(login), origin, correlation, Door::staff);
    auto scope = ScopeMint::mint(proven.identity);
    auto grant = co_await open_staff_session(std::move(proven), std::move(origin));
    co_await parts_.second_factor.forget_guesses(scope);
    co_return grant;
}

Task<StaffGrant> SignIn::open_staff_session(Proven proven, auditing::Origin origin) {
    auto session = co_await new_session(proven, origin, staff_lifetime);
    auto scope = ScopeMint::mint(proven.identity);
    auto& tx = *proven.tx;
    StaffGrant grant;
    grant.cookie = crypto::random_token();
    grant.seconds = std::chrono::seconds(staff_lifetime).count();
    parts_.accounts.insert_session(tx, scope, session, sql::Blob{crypto::sha256(grant.cookie)});
    auto tenant = co_await parts_.tenants.get(tx, scope);
    grant.body = {csrf_token(scope), me_of(proven.account, tenant, scope.role())};
    co_await tx.commit();
    co_return grant;
}

Task<std::optional<Scope>> SignIn::find_staff(std::string cookie, Uuid correlation) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto live = co_await parts_.accounts.find_staff_session(
        *anonymous, crypto::sha256(cookie), parts_.clock.now()
    );
    if (!live) co_return std::nullopt;
    co_return scope_of(*live, correlation);
}

std::string SignIn::csrf_token(const Scope& scope) const {
    return csrf_token_of(keys_.csrf.front(), scope);
}

bool SignIn::is_csrf_token(const Scope& scope, std::string_view token) const {
    return std::ranges::any_of(keys_.csrf, [&](const std::string& key) {
        return crypto::equal_in_constant_time(token, csrf_token_of(key, scope));
    });
}

}  // namespace afterresume::accounts
