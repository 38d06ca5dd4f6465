#include "features/accounts/sign_in_steps.h"

#include "core/text.h"
#include "features/accounts/equal_time.h"
#include "infra/crypto/crypto.h"

#include <boost/asio/this_coro.hpp>
#include <boost/json/value.hpp>

namespace afterresume::accounts {

namespace {

constexpr auto second_step_within = std::chrono::minutes(5);

Error second_factor_needed() {
    return Error(
        ErrorKind::forbidden, "accounts.second_factor_needed",
        "Operators need a second factor here; add one to your account first."
    );
}

}  // namespace

std::chrono::seconds lifetime_of(Door door) {
    return door == Door::staff ? std::chrono::hours(8) : std::chrono::days(30);
}

Identity identity_of(const Owner& owner, Uuid correlation) {
    Identity identity;
    identity.tenant = owner.tenant_id;
    identity.user = owner.user_id;
    identity.cause.correlation = correlation;
    return identity;
}

Scope scope_in(TenantId tenant, const Scope& scope) {
    Identity identity;
    identity.tenant = tenant;
    identity.user = scope.user();
    identity.session = scope.session();
    identity.time_zone = scope.time_zone();
    identity.cause = scope.cause();
    return ScopeMint::mint(identity);
}

bool SignInSteps::may_enter(const Account& account) const {
    return account.is_active && (door_ == Door::everybody || account.is_staff);
}

// What the trail tells of where they came in.
JsonObject SignInSteps::through() const {
    if (door_ == Door::everybody) return {};
    return JsonObject{{"door", "staff"}};
}

// An address that nobody has belongs to no tenant: the operators are told, once a minute of whence
// it came, so that a flood does not fill the disk, and not what was typed, which may be a password.
Task<void> SignInSteps::record_failed_login(Scope scope, auditing::Origin origin, JsonObject data) {
    auto nobodys = scope.tenant() == TenantId{};
    if (nobodys && !co_await parts_.guesses.is_first_of_minute("nobody's login", origin.address))
        co_return;
    co_await parts_.audit.record_failure(
        parts_.database, scope, origin, auditing::Act::login, std::move(data)
    );
}

Task<void> SignInSteps::record_locked(
    std::string email, auditing::Origin origin, Uuid correlation
) {
    EqualTime equal_time(co_await boost::asio::this_coro::executor);
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto owner = co_await parts_.accounts.find_owner(*anonymous, email);
    auto scope = ScopeMint::mint(identity_of(owner.value_or(Owner{}), correlation));
    co_await record_failed_login(scope, origin, {{"reason", "locked"}});
    co_await equal_time.pass();
}

Task<StepTo<HeldSession>> SignInSteps::log_in(
    Login login, auditing::Origin origin, Uuid correlation
) {
    auto email = fold_for_search(login.email);
    auto proof = co_await prove(std::move(login), origin, correlation);
    StepTo<HeldSession> step{std::nullopt, std::move(proof.mfa_token), proof.mfa_seconds};
    if (proof.grant) step.grant = co_await open_session(std::move(*proof.grant), std::move(origin));
    co_await parts_.guesses.forget("password", email);
    co_return step;
}

Task<HeldSession> SignInSteps::log_in(LoginCode login, auditing::Origin origin, Uuid correlation) {
    auto proven = co_await prove(std::move(login), origin, correlation);
    auto held = co_await open_session(std::move(proven), std::move(origin));
    co_await parts_.second_factor.forget_guesses(held.scope);
    co_return held;
}

Task<SignInSteps::StepToProven> SignInSteps::prove(
    Login login, auditing::Origin origin, Uuid correlation
) {
    // Verified in place of a missing one, so that an unknown address takes as long as a wrong
    // password.
    static const std::string nobody = crypto::hash_password("nobody has this password");
    parts_.hashing.require_room();
    EqualTime equal_time(co_await boost::asio::this_coro::executor);
    auto email = fold_for_search(login.email);
    co_await parts_.guesses.count("password", email, most_passwords, [&] {
        return record_locked(email, origin, correlation);
    });
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto owner = co_await parts_.accounts.find_owner(*anonymous, email);
    auto identity = identity_of(owner.value_or(Owner{}), correlation);
    auto scope = ScopeMint::mint(identity);
    auto reading = parts_.database.begin(scope, sql::Access::read);
    auto account = co_await parts_.accounts.find(*reading, identity.user);
    const auto& hash = account ? account->password_hash : nobody;
    auto matches = co_await parts_.hashing.matches(hash, login.password);
    if (!account || !matches || !may_enter(*account)) {
        co_await record_failed_login(scope, origin);
        co_await equal_time.pass();
        throw wrong_credentials();
    }
    if (identity.tenant == TenantId{}) {
        identity.tenant = co_await give_home(identity, account->display_name);
        scope = ScopeMint::mint(identity);
    }
    std::optional<std::string> stronger;
    if (crypto::needs_rehash(hash))
        stronger = co_await parts_.hashing.hash(std::move(login.password));
    auto tx = parts_.database.begin(scope, sql::Access::write);
    auto role = co_await parts_.tenants.find_role(*tx, scope);
    if (!role) throw wrong_credentials();
    identity.role = *role;
    if (stronger) parts_.accounts.renew_hash(*tx, scope, hash, *stronger);
    co_return co_await next_step({std::move(tx), identity, std::move(*account)}, std::move(origin));
}

// In, or to the second factor where there is one.
Task<SignInSteps::StepToProven> SignInSteps::next_step(Proven proven, auditing::Origin origin) {
    auto scope = ScopeMint::mint(proven.identity);
    if (co_await parts_.second_factor.is_on(*proven.tx, scope))
        co_return co_await ask_for_code(std::move(proven.tx), scope);
    if (door_ == Door::staff && rules_.staff_need_second_factor) throw second_factor_needed();
    co_await parts_.audit.record(
        *proven.tx, scope, origin, auditing::Act::login, auditing::Outcome::success, through()
    );
    StepToProven step;
    step.grant = std::move(proven);
    co_return step;
}

Task<TenantId> SignInSteps::give_home(Identity identity, std::string name) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::write);
    identity.tenant = co_await anonymous->new_id<Tenant>();
    auto scope = ScopeMint::mint(identity);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await parts_.tenants.create(*tx, scope, name);
    co_await parts_.tenants.join(*tx, scope, Role::owner);
    co_await tx->commit();
    co_return identity.tenant;
}

Task<SignInSteps::StepToProven> SignInSteps::ask_for_code(
    std::unique_ptr<sql::Tx> tx, Scope scope
) {
    StepToProven step;
    step.mfa_token =
        co_await parts_.codes.make(*tx, scope, Purpose::second_step, second_step_within);
    step.mfa_seconds = std::chrono::seconds(second_step_within).count();
    co_await tx->commit();
    co_return step;
}

// The code, the first step and the session are used, ended and opened together or not at all.
Task<Proven> SignInSteps::prove(LoginCode login, auditing::Origin origin, Uuid correlation) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto owner =
        co_await parts_.codes.find_owner(*anonymous, login.mfa_token, Purpose::second_step);
    if (!owner) throw code_not_usable();
    auto identity = identity_of({owner->user_id, owner->tenant_id}, correlation);
    auto scope = ScopeMint::mint(identity);
    co_await parts_.second_factor.count_guess(scope, auditing::Act::login, origin);
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
    if (!account || !role || !may_enter(*account)) throw code_not_usable();
    identity.role = *role;
    co_await parts_.audit.record(
        *tx, scope, origin, auditing::Act::login, auditing::Outcome::success, through()
    );
    co_return Proven{std::move(tx), identity, std::move(*account)};
}

// Not yet a row, but the identity is signed in by it.
Task<Session> SignInSteps::new_session(Proven& proven, const auditing::Origin& origin) {
    auto now = parts_.clock.now();
    Session session;
    session.id = co_await proven.tx->new_id<Session>();
    session.sign_in_epoch = proven.account.sign_in_epoch;
    session.user_agent = origin.user_agent.substr(0, 300);
    session.address = origin.address;
    session.created_at = session.last_used_at = now;
    session.expires_at = now + lifetime_of(door_);
    proven.identity.session = session.id.value;
    proven.identity.time_zone = proven.account.time_zone;
    parts_.accounts.touch_login(*proven.tx, proven.account.id, now);
    co_return session;
}

Task<HeldSession> SignInSteps::open_session(Proven proven, auditing::Origin origin) {
    auto session = co_await new_session(proven, origin);
    auto scope = ScopeMint::mint(proven.identity);
    auto& tx = *proven.tx;
    auto secret = crypto::random_token();
    sql::Blob hash{crypto::sha256(secret)};
    if (door_ == Door::staff) {
        parts_.accounts.insert_session(tx, scope, session, hash);
    } else {
        auto token_id = co_await tx.new_id<TokenState>();
        parts_.accounts.insert_session(tx, scope, session);
        NewToken token{
            token_id, session.id, hash, sql::Blob{crypto::sha256(origin.user_agent)}, {}
        };
        parts_.accounts.insert_token(tx, scope, token, session.created_at);
    }
    auto tenant = co_await parts_.tenants.get(tx, scope);
    auto user = me_of(proven.account, tenant, scope.role());
    co_await tx.commit();
    co_return HeldSession{scope, session.version, std::move(user), std::move(secret)};
}

Scope SignInSteps::scope_of(const LiveSession& live, Uuid correlation) const {
    Identity identity;
    identity.tenant = live.tenant;
    identity.user = live.user_id;
    identity.role = live.role;
    identity.cause.correlation = correlation;
    identity.staff = live.is_staff && (live.has_second_factor || !rules_.staff_need_second_factor);
    identity.session = live.session_id.value;
    identity.time_zone = live.time_zone;
    return ScopeMint::mint(identity);
}

}  // namespace afterresume::accounts
