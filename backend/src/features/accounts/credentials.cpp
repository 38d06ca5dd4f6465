#include "features/accounts/credentials.h"

#include "core/scope_mint.h"
#include "core/text.h"
#include "features/accounts/equal_time.h"
#include "features/accounts/second_factor.h"
#include "features/accounts/service.h"

#include <boost/asio/this_coro.hpp>
#include <boost/json/value.hpp>

namespace afterresume::accounts {

namespace {

using auditing::Act;
using auditing::Outcome;

constexpr std::chrono::hours verification_lifetime{48};
constexpr std::chrono::hours reset_lifetime{1};
constexpr std::int64_t most_resets = 5;

Scope scope_of(TenantId tenant, UserId user, Uuid correlation) {
    Identity identity;
    identity.tenant = tenant;
    identity.user = user;
    identity.cause.correlation = correlation;
    return ScopeMint::mint(identity);
}

void require_strength(const std::string& password, const std::string& email) {
    if (auto weak = weakness(password, email)) throw Error::invalid_fields({{"/password", *weak}});
}

}  // namespace

Task<void> Credentials::ask_to_verify(sql::Tx& tx, const Scope& scope, const Account& account) {
    auto code = co_await parts_.codes.make(tx, scope, Purpose::verification, verification_lifetime);
    mail::Letter letter{
        mail::Kind::verification, account.email, account.display_name,
        fmt::format("{}/api/docs/?verify={}", public_url_, code), verification_lifetime.count()
    };
    co_await parts_.postbox.post(tx, scope, std::move(letter));
}

Task<void> Credentials::ask_again(const Scope& scope) {
    auto tx = parts_.database.begin(scope, sql::Access::write);
    auto account = co_await parts_.accounts.find(*tx, scope.user());
    if (!account) throw Error::not_found("account");
    if (account->email_verified_at) co_return;
    co_await ask_to_verify(*tx, scope, *account);
    co_await tx->commit();
}

Task<std::optional<CodeOwner>> Credentials::owner_of(const std::string& code, Purpose purpose) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    co_return co_await parts_.codes.find_owner(*anonymous, code, purpose);
}

Task<void> Credentials::verify(std::string code, auditing::Origin origin, Uuid correlation) {
    auto owner = co_await owner_of(code, Purpose::verification);
    if (!owner) throw code_not_usable();
    auto scope = scope_of(owner->tenant_id, owner->user_id, correlation);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await parts_.codes.use(*tx, scope, *owner, Purpose::verification);
    parts_.accounts.note_verified(*tx, scope.user(), parts_.clock.now());
    co_await parts_.audit.record(*tx, scope, origin, Act::email_verified, Outcome::success);
    co_await tx->commit();
}

Task<void> Credentials::forgot(std::string email, auditing::Origin origin, Uuid correlation) {
    EqualTime equal_time(co_await boost::asio::this_coro::executor);
    auto folded = fold_for_search(email);
    co_await parts_.guesses.count("password mail", folded, most_resets);
    co_await mail_reset(
        mail::Kind::password_reset, std::move(folded), std::move(origin), correlation
    );
    co_await equal_time.pass();
}

Task<bool> Credentials::tell_of_sign_up(
    std::string email_folded, auditing::Origin origin, Uuid correlation
) {
    return mail_reset(
        mail::Kind::address_taken, std::move(email_folded), std::move(origin), correlation
    );
}

// Whether somebody has the address; whoever is not active gets no mail.
Task<bool> Credentials::mail_reset(
    mail::Kind kind, std::string email_folded, auditing::Origin origin, Uuid correlation
) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto owner = co_await parts_.accounts.find_owner(*anonymous, email_folded);
    if (!owner) co_return false;
    auto scope = scope_of(owner->tenant_id, owner->user_id, correlation);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    auto account = co_await parts_.accounts.find(*tx, scope.user());
    if (!account || !account->is_active) co_return true;
    auto code = co_await parts_.codes.make(*tx, scope, Purpose::password_reset, reset_lifetime);
    mail::Letter letter{
        kind, account->email, account->display_name,
        fmt::format("{}/api/docs/?reset={}", public_url_, code), reset_lifetime.count()
    };
    // A job is done for a member; whoever belongs to no tenant is written to by the program.
    auto nowhere = owner->tenant_id == TenantId{};
    auto sender = nowhere ? scope_of(TenantId{}, UserId{}, correlation) : scope;
    co_await parts_.postbox.post(*tx, sender, std::move(letter));
    auto forgotten = kind == mail::Kind::password_reset;
    co_await parts_.audit.record(
        *tx, scope, origin, forgotten ? Act::password_forgotten : Act::signup,
        forgotten ? Outcome::success : Outcome::failure
    );
    co_await tx->commit();
    co_return true;
}

Task<void> Credentials::reset(ResetPassword wanted, auditing::Origin origin, Uuid correlation) {
    auto owner = co_await owner_of(wanted.code, Purpose::password_reset);
    if (!owner) throw code_not_usable();
    auto scope = scope_of(owner->tenant_id, owner->user_id, correlation);
    auto reading = parts_.database.begin(scope, sql::Access::read);
    auto account = co_await parts_.accounts.find(*reading, scope.user());
    if (!account || !account->is_active) throw code_not_usable();
    require_strength(wanted.password, account->email);
    auto hash = co_await parts_.hashing.hash(std::move(wanted.password));
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await parts_.codes.use(*tx, scope, *owner, Purpose::password_reset);
    auto now = parts_.clock.now();
    // Whoever reads the mail has the address.
    parts_.accounts.note_verified(*tx, scope.user(), now);
    co_await parts_.accounts.replace_password(*tx, scope.user(), std::nullopt, hash, now);
    co_await parts_.audit.record(*tx, scope, origin, Act::password_reset, Outcome::success);
    co_await tell_of_change(*tx, scope, *account);
    co_await tx->commit();
    co_await parts_.guesses.forget("password", account->email_folded);
}

Task<Account> Credentials::prove(
    const Scope& scope, std::string password, Act act, auditing::Origin origin
) {
    auto reading = parts_.database.begin(scope, sql::Access::read);
    auto account = co_await parts_.accounts.find(*reading, scope.user());
    if (!account) throw Error::not_found("account");
    co_await parts_.guesses.count("password", account->email_folded, most_passwords, [&] {
        return parts_.audit.record_failure(
            parts_.database, scope, origin, act, {{"reason", "locked"}}
        );
    });
    auto matches = co_await parts_.hashing.matches(account->password_hash, std::move(password));
    if (!matches) {
        co_await parts_.audit.record_failure(parts_.database, scope, origin, act);
        throw wrong_credentials();
    }
    co_await parts_.guesses.forget("password", account->email_folded);
    co_return std::move(*account);
}

Task<void> Credentials::change(const Scope& scope, ChangePassword wanted, auditing::Origin origin) {
    auto account = co_await prove(scope, std::move(wanted.current), Act::password_changed, origin);
    require_strength(wanted.password, account.email);
    auto hash = co_await parts_.hashing.hash(std::move(wanted.password));
    auto tx = parts_.database.begin(scope, sql::Access::write);
    auto changed = co_await parts_.accounts.replace_password(
        *tx, scope.user(), account.password_hash, hash, parts_.clock.now()
    );
    // Somebody changed it meanwhile.
    if (!changed) throw wrong_credentials();
    parts_.accounts.keep_session(*tx, scope);
    co_await parts_.audit.record(*tx, scope, origin, Act::password_changed, Outcome::success);
    co_await tell_of_change(*tx, scope, account);
    co_await tx->commit();
}

Task<void> Credentials::reset_second_factor(
    std::string email, const Scope& by, auditing::Origin origin
) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto owner = co_await parts_.accounts.find_owner(*anonymous, fold_for_search(email));
    if (!owner) throw Error::not_found("account");
    auto scope = scope_of(owner->tenant_id, owner->user_id, by.correlation());
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await require_operating(*tx, by);
    auto account = co_await parts_.accounts.find(*tx, scope.user());
    if (!account) throw Error::not_found("account");
    if (!co_await remove_second_factor(*tx, parts_.accounts, scope))
        throw Error::not_found("second factor");
    JsonObject data{{"operator_id", by.user().value}};
    co_await parts_.audit.record(
        *tx, scope, origin, Act::second_factor_removed, Outcome::success, std::move(data)
    );
    mail::Letter letter{
        mail::Kind::second_factor_reset, account->email, account->display_name, {}, 0
    };
    co_await parts_.postbox.post(*tx, scope, std::move(letter));
    co_await tx->commit();
}

Task<void> Credentials::tell_of_change(sql::Tx& tx, const Scope& scope, const Account& account) {
    mail::Letter letter{mail::Kind::password_changed, account.email, account.display_name, {}, 0};
    co_await parts_.postbox.post(tx, scope, std::move(letter));
}

}  // namespace afterresume::accounts
