// The part of SignIn that makes operators, on the word of whoever holds the machine.
#include "core/text.h"
#include "features/accounts/sign_in.h"

namespace afterresume::accounts {

namespace {

const auditing::Origin command_line{"local", "command line"};

}  // namespace

Task<Operator> SignIn::make_operator(SignUp wanted, Uuid correlation) {
    auto reading = parts_.database.begin_anonymous(sql::Access::read);
    auto owner = co_await parts_.accounts.find_owner(*reading, fold_for_search(wanted.email));
    if (owner) co_return co_await raise(*owner, std::move(wanted), correlation);
    auto account = co_await new_account(std::move(wanted));
    account.is_staff = true;
    account.may_operate = true;
    account.email_verified_at = account.created_at;
    Identity identity;
    identity.tenant = co_await reading->new_id<Tenant>();
    identity.user = account.id;
    identity.role = Role::owner;
    identity.cause.correlation = correlation;
    auto scope = ScopeMint::mint(identity);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    parts_.accounts.insert(*tx, account);
    co_await parts_.tenants.create(*tx, scope, account.display_name);
    co_await parts_.tenants.join(*tx, scope, Role::owner);
    co_await parts_.audit.record(
        *tx, scope, command_line, auditing::Act::bootstrap, auditing::Outcome::success
    );
    co_await tx->commit();
    co_return Operator::made;
}

// Anybody may have signed up with an address that is not theirs, to be raised one day: the address
// is proven, or the password is known here too.
Task<Operator> SignIn::raise(Owner owner, SignUp wanted, Uuid correlation) {
    auto identity = identity_of(owner, correlation);
    auto scope = ScopeMint::mint(identity);
    auto reading = parts_.database.begin(scope, sql::Access::read);
    auto account = co_await parts_.accounts.find(*reading, scope.user());
    reading.reset();
    if (!account || !account->is_active)
        throw Error(ErrorKind::forbidden, "accounts.suspended", "That account is not active.");
    if (account->is_staff && account->may_operate) co_return Operator::unchanged;
    auto known = account->email_verified_at ||
                 co_await parts_.hashing.matches(account->password_hash, wanted.password);
    if (!known)
        throw Error(
            ErrorKind::conflict, "accounts.unproven_address",
            "Somebody signed up with this address, has not proven that it is theirs, and has "
            "another password."
        );
    if (identity.tenant == TenantId{}) {
        identity.tenant = co_await steps_.give_home(identity, account->display_name);
        scope = ScopeMint::mint(identity);
    }
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await parts_.accounts.make_operator(*tx, scope, parts_.clock.now());
    co_await parts_.audit.record(
        *tx, scope, command_line, auditing::Act::operator_made, auditing::Outcome::success
    );
    co_await tx->commit();
    co_return Operator::raised;
}

}  // namespace afterresume::accounts
