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

Task<Grant> SignIn::sign_up(SignUp wanted, auditing::Origin origin, Uuid correlation) {
    auto account = co_await new_account(wanted);
    std::optional<invitations::Place> invited;
    auto scope = co_await place_of(wanted, account.id, invited, correlation);
    if (invited && invited->mailed) account.email_verified_at = account.created_at;
    auto tx = parts_.database.begin(scope, sql::Access::write);
    Identity identity;
    identity.tenant = scope.tenant();
    identity.user = account.id;
    identity.role = Role::owner;
    identity.cause.correlation = correlation;
    try {
        if (invited) {
            identity.role = co_await parts_.invitations.redeem(
                *tx, scope, origin, invited->invitation_id, account.email_folded
            );
        } else {
            co_await parts_.tenants.create(*tx, scope, account.display_name);
        }
        // After the invitation: whoever has none of their own learns nothing of the address.
        parts_.accounts.insert(*tx, account);
        co_await parts_.tenants.join(*tx, scope, identity.role);
        if (!account.email_verified_at)
            co_await parts_.credentials.ask_to_verify(*tx, scope, account);
        co_await parts_.audit.record(
            *tx, scope, origin, auditing::Act::signup, auditing::Outcome::success
        );
        co_return co_await open_session(
            {std::move(tx), identity, std::move(account)}, std::move(origin)
        );
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
