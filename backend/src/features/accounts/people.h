// The SQL of people as operators see and change them.
#pragma once

#include "features/accounts/administration_schema.h"
#include "infra/sql/database.h"

namespace afterresume::accounts {

// What operators decide about somebody, as it is under the lock.
struct LockedPerson {
    bool is_active = false;
    bool is_staff = false;
    bool may_operate = false;
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(LockedPerson, (), (is_active, is_staff, may_operate, version))

class People {
public:
    // One more than a page. Of the engine, as the next.
    static Task<std::vector<Person>> list(sql::Tx& engine, ListPeople query);
    static Task<std::optional<Person>> find(sql::Tx& engine, UserId id);

    static Account invited(UserId id, const NewPerson& wanted, Timestamp now);
    // The scope's user, until the transaction ends; nothing once they deleted their account.
    static Task<std::optional<LockedPerson>> lock(sql::Tx& tx, const Scope& scope);
    // Of the scope's user. Whoever is deactivated begins another epoch.
    static Task<void> set_standing(
        sql::Tx& tx, const Scope& scope, const Person& person, Timestamp now
    );
    // Who operate, where those who make one less take turns until their transactions end: before
    // they lock anybody else.
    static Task<std::vector<UserId>> operators_in_turn(sql::Tx& tx);
    // Of all who operate. Throws Error(conflict, "accounts.last_operator") where `leaving` is the
    // only one.
    static void require_another(const std::vector<UserId>& operators, UserId leaving);
};

}  // namespace afterresume::accounts
