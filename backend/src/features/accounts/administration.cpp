#include "features/accounts/administration.h"

#include "core/scope_mint.h"
#include "features/accounts/people.h"
#include "features/accounts/service.h"
#include "infra/crypto/crypto.h"

#include <boost/json/value.hpp>

namespace afterresume::accounts {

using auditing::Act;
using auditing::Outcome;

namespace {

Scope scope_of(TenantId tenant, UserId user, const Scope& by, Role role = Role::read_only) {
    Identity identity;
    identity.tenant = tenant;
    identity.user = user;
    identity.role = role;
    identity.cause = by.cause();
    return ScopeMint::mint(identity);
}

JsonObject told(const Person& person, const Scope& by) {
    return JsonObject{
        {"operator_id", by.user().value},
        {"is_staff", person.is_staff},
        {"may_operate", person.may_operate}
    };
}

bool operates(const Person& person) {
    return person.status == Standing::active && person.is_staff && person.may_operate;
}

Person changed(Person person, const ChangePerson& wanted) {
    wanted.status.apply_to(person.status);
    wanted.is_staff.apply_to(person.is_staff);
    wanted.may_operate.apply_to(person.may_operate);
    if (wanted.may_operate.value == true && !person.is_staff)
        throw Error::invalid_fields({{"/may_operate", "is for operators alone"}});
    // The right goes with what it is a right of.
    person.may_operate = person.may_operate && person.is_staff;
    return person;
}

}  // namespace

Task<PersonPage> Administration::list(sql::Tx& engine, ListPeople query) {
    auto page_size = query.page_size;
    auto page = cut_by_id(co_await People::list(engine, std::move(query)), page_size);
    co_return PersonPage{std::move(page.items), std::move(page.next_cursor)};
}

Task<Person> Administration::get(sql::Tx& engine, UserId id) {
    auto found = co_await People::find(engine, id);
    if (!found) throw Error::not_found("user");
    co_return std::move(*found);
}

Task<Person> Administration::find(UserId id) {
    auto engine = parts_.database.begin_engine(sql::Access::read);
    co_return co_await get(*engine, id);
}

Task<Administration::Held> Administration::hold(UserId id, Match match, Scope by) {
    auto person = co_await find(id);
    auto scope = scope_of(person.tenant_id.value_or(TenantId{0}), id, by);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    // Before the person, so that nobody waits for another who waits for them; and before the right
    // is asked for, which whoever was first may have taken.
    auto operators = co_await People::operators_in_turn(*tx);
    co_await require_operating(*tx, by);
    auto now = co_await People::lock(*tx, scope);
    if (!now) throw Error::not_found("user");
    match.require(now->version);
    person.status = now->is_active ? Standing::active : Standing::deactivated;
    person.is_staff = now->is_staff;
    person.may_operate = now->may_operate;
    co_return Held{std::move(tx), std::move(scope), std::move(person), std::move(operators)};
}

Task<Person> Administration::make(NewPerson wanted, Scope by, auditing::Origin origin) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::write);
    auto home = co_await anonymous->new_id<Tenant>();
    auto id = co_await anonymous->new_id<User>();
    anonymous.reset();
    auto account = People::invited(id, wanted, parts_.clock.now());
    // Nobody knows it: they sign in by the one that they set.
    account.password_hash = co_await parts_.hashing.hash(crypto::random_token());
    auto scope = scope_of(home, id, by, Role::owner);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await require_operating(*tx, by);
    try {
        parts_.accounts.insert(*tx, account);
        co_await parts_.tenants.create(*tx, scope, account.display_name);
        co_await parts_.tenants.join(*tx, scope, Role::owner);
        JsonObject data{{"operator_id", by.user().value}};
        co_await parts_.audit.record(
            *tx, scope, origin, Act::account_made, Outcome::success, std::move(data)
        );
        co_await tx->commit();
    } catch (const Error& error) {
        if (error.code() == "sql.unique") throw address_taken();
        throw;
    }
    co_await parts_.credentials.forgot(account.email, std::move(origin), by.correlation());
    co_return co_await find(id);
}

Task<Person> Administration::change(
    UserId id, Match match, ChangePerson wanted, Scope by, auditing::Origin origin
) {
    auto held = co_await hold(id, match, by);
    auto& tx = *held.tx;
    auto person = changed(held.person, wanted);
    if (!operates(person)) People::require_another(held.operators, id);
    co_await People::set_standing(tx, held.scope, person, parts_.clock.now());
    auto is_other = [&](auto field) { return person.*field != held.person.*field; };
    if (is_other(&Person::status)) {
        auto act =
            person.status == Standing::active ? Act::account_reactivated : Act::account_deactivated;
        co_await parts_.audit.record(
            tx, held.scope, origin, act, Outcome::success, told(person, by)
        );
    }
    if (is_other(&Person::is_staff) || is_other(&Person::may_operate))
        co_await parts_.audit.record(
            tx, held.scope, origin, Act::operator_changed, Outcome::success, told(person, by)
        );
    co_await tx.commit();
    co_return co_await find(id);
}

Task<void> Administration::sign_out(UserId id, Scope by, auditing::Origin origin) {
    auto held = co_await hold(id, {}, by);
    co_await parts_.accounts.begin_epoch(*held.tx, held.scope);
    co_await parts_.audit.record(
        *held.tx, held.scope, origin, Act::signed_out, Outcome::success, told(held.person, by)
    );
    co_await held.tx->commit();
}

Task<void> Administration::remove_second_factor(UserId id, Scope by, auditing::Origin origin) {
    auto person = co_await find(id);
    co_await parts_.credentials.reset_second_factor(std::move(person.email), by, std::move(origin));
}

Task<void> Administration::remove(UserId id, Match match, Scope by, auditing::Origin origin) {
    auto held = co_await hold(id, match, by);
    auto scope = std::move(held.scope);
    // The end of an account takes a transaction for each of their tenants.
    co_await held.tx->rollback();
    co_await parts_.deletion.delete_account_of(
        std::move(scope), {{"operator_id", by.user().value}}, std::move(origin)
    );
}

Task<tenants::AnyTenant> Administration::find_tenant(TenantId id) {
    auto engine = parts_.database.begin_engine(sql::Access::read);
    co_return co_await parts_.any_tenant.get(*engine, id);
}

Task<tenants::AnyTenant> Administration::make_tenant(
    tenants::NewTenant wanted, Scope by, auditing::Origin origin
) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::write);
    auto id = co_await anonymous->new_id<Tenant>();
    anonymous.reset();
    auto scope = operator_in(id, by);
    auto itself = scope_of(id, UserId{0}, by);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await require_operating(*tx, by);
    co_await parts_.tenants.create(*tx, scope, wanted.name);
    if (wanted.plan) co_await parts_.any_tenant.limit(*tx, scope, {true, wanted.plan}, {});
    co_await parts_.audit.record(*tx, scope, origin, Act::tenant_created, Outcome::success);
    co_await parts_.invitations.create_for_owner(
        *tx, scope, itself, origin, std::move(wanted.owner_email)
    );
    co_await tx->commit();
    co_return co_await find_tenant(id);
}

Task<tenants::AnyTenant> Administration::change_tenant(
    TenantId id, Match match, tenants::ChangeTenant wanted, Scope by, auditing::Origin origin
) {
    auto scope = operator_in(id, by);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await require_operating(*tx, by);
    co_await parts_.any_tenant.change(*tx, scope, origin, match, std::move(wanted));
    co_await tx->commit();
    co_return co_await find_tenant(id);
}

Task<tenants::AnyTenant> Administration::close_tenant(
    TenantId id, Match match, Scope by, auditing::Origin origin
) {
    auto scope = operator_in(id, by);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await require_operating(*tx, by);
    co_await parts_.any_tenant.close(*tx, scope, origin, match);
    co_await tx->commit();
    co_await parts_.deletion.stop_jobs(scope, UserId{0});
    co_return co_await find_tenant(id);
}

Task<invitations::Invitation> Administration::invite_owner(
    TenantId id, tenants::InviteOwner wanted, Scope by, auditing::Origin origin
) {
    auto scope = operator_in(id, by);
    auto itself = scope_of(id, UserId{0}, by);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await require_operating(*tx, by);
    co_await parts_.any_tenant.lock_active(*tx, scope);
    // Before owners are counted: whoever is redeeming one has become the owner by then.
    co_await parts_.invitations.revoke_for_owner(*tx, scope, origin);
    co_await parts_.any_tenant.require_no_owner(*tx, scope);
    auto invitation = co_await parts_.invitations.create_for_owner(
        *tx, scope, itself, origin, std::move(wanted.owner_email)
    );
    co_await tx->commit();
    co_return invitation;
}

}  // namespace afterresume::accounts
