// The part of SignIn that lets people in: by a password, and by a second factor where there is one.
#include "core/text.h"
#include "features/accounts/equal_time.h"
#include "features/accounts/sign_in.h"
#include "infra/crypto/crypto.h"

#include <boost/asio/this_coro.hpp>

namespace afterresume::accounts {

namespace {

constexpr auto second_step_within = std::chrono::minutes(5);

Identity identity_of(TenantId tenant, UserId user, Uuid correlation) {
    Identity identity;
    identity.tenant = tenant;
    identity.user = user;
    identity.cause.correlation = correlation;
    return identity;
}

}  // namespace

Task<void> SignIn::record_failed_login(const Scope& scope, const auditing::Origin& origin) {
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await parts_.audit.record(
        *tx, scope, origin, auditing::Act::login, auditing::Outcome::failure
    );
    co_await tx->commit();
}

Task<FirstStep> SignIn::log_in(Login login, auditing::Origin origin, Uuid correlation) {
    // Verified in place of a missing one, so that an unknown address takes as long as a wrong
    // password.
    static const std::string nobody = crypto::hash_password("nobody has this password");
    EqualTime equal_time(co_await boost::asio::this_coro::executor);
    auto email = fold_for_search(login.email);
    co_await parts_.guesses.count("password", email, most_passwords);
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto owner = co_await parts_.accounts.find_owner(*anonymous, email);
    auto identity = owner ? identity_of(owner->tenant_id, owner->user_id, correlation) : Identity{};
    auto scope = ScopeMint::mint(identity);
    auto reading = parts_.database.begin(scope, sql::Access::read);
    auto account = co_await parts_.accounts.find(*reading, identity.user);
    const auto& hash = account ? account->password_hash : nobody;
    auto matches = co_await parts_.hashing.matches(hash, std::move(login.password));
    if (!account || !matches || !account->is_active) {
        if (account) co_await record_failed_login(scope, origin);
        co_await equal_time.pass();
        throw wrong_credentials();
    }
    if (identity.tenant == TenantId{}) {
        identity.tenant = co_await give_home(identity, account->display_name);
        scope = ScopeMint::mint(identity);
    }
    auto tx = parts_.database.begin(scope, sql::Access::write);
    auto role = co_await parts_.tenants.find_role(*tx, scope);
    if (!role) throw wrong_credentials();
    identity.role = *role;
    FirstStep step;
    if (co_await parts_.second_factor.is_on(*tx, scope)) {
        step = co_await ask_for_code(std::move(tx), scope);
    } else {
        co_await parts_.audit.record(
            *tx, scope, origin, auditing::Act::login, auditing::Outcome::success
        );
        step.grant =
            co_await open_session(std::move(tx), identity, std::move(*account), std::move(origin));
    }
    co_await parts_.guesses.forget("password", email);
    co_return step;
}

// A tenant of their own, for who belongs to none.
Task<TenantId> SignIn::give_home(Identity identity, std::string name) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::write);
    identity.tenant = co_await anonymous->new_id<Tenant>();
    auto scope = ScopeMint::mint(identity);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await parts_.tenants.create(*tx, scope, name);
    co_await parts_.tenants.join(*tx, scope, Role::owner);
    co_await tx->commit();
    co_return identity.tenant;
}

Task<FirstStep> SignIn::ask_for_code(std::unique_ptr<sql::Tx> tx, Scope scope) {
    FirstStep step;
    step.mfa_token =
        co_await parts_.codes.make(*tx, scope, Purpose::second_step, second_step_within);
    step.mfa_seconds = std::chrono::seconds(second_step_within).count();
    co_await tx->commit();
    co_return step;
}

// The code, the first step and the session are used, ended and opened together or not at all.
Task<Grant> SignIn::log_in(LoginCode login, auditing::Origin origin, Uuid correlation) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto owner = co_await parts_.codes.find_owner(*anonymous, login.mfa_token);
    if (!owner) throw code_not_usable();
    auto identity = identity_of(owner->tenant_id, owner->user_id, correlation);
    auto scope = ScopeMint::mint(identity);
    co_await parts_.second_factor.count_guess(scope);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await parts_.codes.use(*tx, scope, *owner, Purpose::second_step);
    auto right = co_await parts_.second_factor.use(*tx, scope, login.code, origin);
    auto account = co_await parts_.accounts.find(*tx, scope.user());
    auto role = co_await parts_.tenants.find_role(*tx, scope);
    if (!right) {
        co_await tx->rollback();
        co_await record_failed_login(scope, origin);
        throw wrong_code();
    }
    if (!account || !role) throw code_not_usable();
    identity.role = *role;
    co_await parts_.audit.record(
        *tx, scope, origin, auditing::Act::login, auditing::Outcome::success
    );
    auto grant =
        co_await open_session(std::move(tx), identity, std::move(*account), std::move(origin));
    co_await parts_.second_factor.forget_guesses(scope);
    co_return grant;
}

}  // namespace afterresume::accounts
