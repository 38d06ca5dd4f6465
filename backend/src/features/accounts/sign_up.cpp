// The parts of SignIn that make accounts.
#include "core/text.h"
#include "features/accounts/sign_in.h"
#include "infra/crypto/crypto.h"

namespace afterresume::accounts {

Task<Account> SignIn::new_account(SignUp wanted) {
    if (auto weak = weakness(wanted.password, wanted.email))
        throw Error::invalid_fields({{"/password", *weak}});
    Account account;
    account.email = wanted.email;
    account.email_folded = fold_for_search(wanted.email);
    account.display_name = wanted.display_name;
    account.time_zone = wanted.time_zone.value_or("UTC");
    account.created_at = parts_.clock.now();
    account.password_hash = co_await parts_.hashing.hash(wanted.password);
    auto anonymous = parts_.database.begin_anonymous(sql::Access::write);
    account.id = co_await anonymous->new_id<User>();
    co_return account;
}

// The tenant to sign up into: the invitation's, or a new one of the user's own.
Task<Scope> SignIn::place_of(
    const SignUp& wanted, UserId user, std::optional<invitations::Place>& invited, Uuid correlation
) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::write);
    Identity identity;
    identity.user = user;
    identity.cause.correlation = correlation;
    if (!wanted.invitation) {
        if (rules_.sign_up == SignUpMode::invite) {
            throw Error(
                ErrorKind::forbidden, "accounts.invitation_needed",
                "Signing up needs an invitation here."
            );
        }
        identity.tenant = co_await anonymous->new_id<Tenant>();
        co_return ScopeMint::mint(identity);
    }
    auto reading = parts_.database.begin_anonymous(sql::Access::read);
    auto place = co_await parts_.invitations.find_place(*reading, *wanted.invitation);
    if (!place) throw invitations::not_usable();
    invited = place;
    identity.tenant = place->tenant_id;
    co_return ScopeMint::mint(identity);
}

Task<std::optional<Grant>> SignIn::sign_up(
    SignUp wanted, auditing::Origin origin, Uuid correlation
) {
    auto account = co_await new_account(wanted);
    if (rules_.sign_up == SignUpMode::by_mail && !wanted.invitation) {
        co_await parts_.sign_ups.ask(std::move(account), std::move(origin), correlation);
        co_return std::nullopt;
    }
    std::optional<invitations::Place> invited;
    auto scope = co_await place_of(wanted, account.id, invited, correlation);
    if (invited && invited->mailed) account.email_verified_at = account.created_at;
    auto tx = parts_.database.begin(scope, sql::Access::write);
    Identity identity;
    identity.tenant = scope.tenant();
    identity.user = account.id;
    identity.role = Role::owner;
    identity.cause.correlation = correlation;
    if (invited) {
        identity.role = co_await parts_.invitations.redeem(
            *tx, scope, origin, invited->invitation_id, account.email_folded
        );
    } else {
        co_await parts_.tenants.create(*tx, scope, account.display_name);
    }
    co_return co_await settle({std::move(tx), identity, std::move(account)}, std::move(origin));
}

Task<Grant> SignIn::confirm(ConfirmSignUp wanted, auditing::Origin origin, Uuid correlation) {
    auto account = co_await parts_.sign_ups.find(std::move(wanted.code));
    // Whoever signed up with somebody else's address does not see the mail, and whoever sees it did
    // not choose the password.
    auto matches =
        co_await parts_.hashing.matches(account.password_hash, std::move(wanted.password));
    if (!matches) throw wrong_credentials();
    auto anonymous = parts_.database.begin_anonymous(sql::Access::write);
    Identity identity;
    identity.tenant = co_await anonymous->new_id<Tenant>();
    identity.user = account.id;
    identity.role = Role::owner;
    identity.cause.correlation = correlation;
    auto scope = ScopeMint::mint(identity);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await parts_.sign_ups.use(*tx, scope);
    co_await parts_.tenants.create(*tx, scope, account.display_name);
    co_return co_await settle({std::move(tx), identity, std::move(account)}, std::move(origin));
}

// The account comes into being in the tenant of its identity, last of all: whoever has no
// invitation of their own has learned nothing of the address.
Task<Grant> SignIn::settle(Proven newcomer, auditing::Origin origin) {
    auto scope = ScopeMint::mint(newcomer.identity);
    auto& tx = *newcomer.tx;
    const auto& account = newcomer.account;
    try {
        parts_.accounts.insert(tx, account);
        co_await parts_.tenants.join(tx, scope, newcomer.identity.role);
        if (!account.email_verified_at)
            co_await parts_.credentials.ask_to_verify(tx, scope, account);
        co_await parts_.audit.record(
            tx, scope, origin, auditing::Act::signup, auditing::Outcome::success
        );
        co_return co_await open_session(std::move(newcomer), std::move(origin));
    } catch (const Error& error) {
        if (error.code() == "sql.unique") throw address_taken();
        throw;
    }
}

Task<std::optional<std::string>> SignIn::first_invitation(std::optional<std::string> known_code) {
    auto reading = parts_.database.begin_anonymous(sql::Access::read);
    auto owners = co_await parts_.accounts.first_owners(*reading);
    if (!owners.empty()) co_return std::nullopt;
    if (known_code) {
        auto place = co_await parts_.invitations.find_place(*reading, *known_code);
        if (place) co_return known_code;
    }
    Identity identity;
    identity.tenant = co_await reading->new_id<Tenant>();
    auto scope = ScopeMint::mint(identity);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await parts_.tenants.create(*tx, scope, "Workspace");
    auto made = co_await parts_.invitations.create_first(*tx, scope);
    co_await tx->commit();
    co_return made.code;
}

}  // namespace afterresume::accounts
