#include "features/accounts/people.h"

#include "core/text.h"

namespace afterresume::accounts {

using sql::named;

namespace {

// Of one person, or of a page.
struct Wanted {
    std::int64_t after = 0;
    std::int64_t most = 1;
    std::optional<UserId> only;
    std::string begins;
    std::optional<bool> active;
    std::optional<bool> staff;
};

Task<std::vector<Person>> read(sql::Tx& engine, Wanted wanted) {
    static constexpr sql::Statement statement{
        "people.list",
        R"sql(
        SELECT id, home AS tenant_id, email, display_name, CASE WHEN is_active THEN 'active' ELSE 'deactivated' END AS status,
               is_staff, may_operate, email_verified, has_second_factor, last_login_at, standing_version AS version, created_at
        FROM operators_people(:after, :most, :only_id, :address, :of_name, :active, :staff))sql",
        R"sql(
        SELECT id, home AS tenant_id, email, display_name, CASE WHEN is_active THEN 'active' ELSE 'deactivated' END AS status,
               is_staff, may_operate, email_verified, has_second_factor, last_login_at, standing_version AS version, created_at
        FROM lookup_person
        WHERE id > :after AND id = coalesce(:only_id, id) AND is_active = coalesce(:active, is_active)
          AND is_staff = coalesce(:staff, is_staff)
          AND (substr(email_folded, 1, length(:address)) = :address OR substr(display_name, 1, length(:of_name)) = :of_name)
        ORDER BY id LIMIT :most)sql"
    };
    co_return co_await engine.all<Person>(
        statement, named("after", wanted.after), named("most", wanted.most),
        named("only_id", wanted.only), named("address", fold_for_search(wanted.begins)),
        named("of_name", wanted.begins), named("active", wanted.active),
        named("staff", wanted.staff)
    );
}

}  // namespace

Task<std::vector<Person>> People::list(sql::Tx& engine, ListPeople query) {
    Wanted wanted;
    wanted.after = query.cursor.value_or(0);
    wanted.most = query.page_size + 1;
    wanted.begins = query.query.value_or("");
    if (query.status) wanted.active = *query.status == Standing::active;
    wanted.staff = query.is_staff;
    return read(engine, std::move(wanted));
}

Task<std::optional<Person>> People::find(sql::Tx& engine, UserId id) {
    Wanted wanted;
    wanted.only = id;
    auto found = co_await read(engine, std::move(wanted));
    if (found.empty()) co_return std::nullopt;
    co_return std::move(found.front());
}

Account People::invited(UserId id, const NewPerson& wanted, Timestamp now) {
    Account account;
    account.id = id;
    account.email = wanted.email;
    account.email_folded = fold_for_search(wanted.email);
    account.display_name = wanted.display_name;
    account.created_at = now;
    return account;
}

Task<std::optional<LockedPerson>> People::lock(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"people.lock", R"sql(
        SELECT is_active, is_staff, may_operate, standing_version AS version FROM app_user
        WHERE id = :user_id AND password_hash <> '' FOR NO KEY UPDATE)sql"};
    co_return co_await tx.find<LockedPerson>(statement, scope);
}

Task<void> People::set_standing(
    sql::Tx& tx, const Scope& scope, const Person& person, Timestamp now
) {
    static constexpr sql::Statement statement{"people.set_standing", R"sql(
        UPDATE app_user
        SET is_active = :active, is_staff = :is_staff, may_operate = :may_operate,
            sign_in_epoch = sign_in_epoch + CASE WHEN :active THEN 0 ELSE 1 END,
            standing_version = standing_version + 1, updated_at = :now
        WHERE id = :user_id)sql"};
    co_await tx.execute(
        statement, scope, named("active", person.status == Standing::active),
        named("is_staff", person.is_staff), named("may_operate", person.may_operate),
        named("now", now)
    );
}

Task<std::vector<UserId>> People::operators_in_turn(sql::Tx& tx) {
    static constexpr sql::Statement statement{
        "people.operators", "SELECT user_id FROM lookup_operators_in_turn()",
        "SELECT user_id FROM lookup_operator"
    };
    co_return co_await tx.all<UserId>(statement);
}

void People::require_another(const std::vector<UserId>& operators, UserId leaving) {
    if (operators != std::vector{leaving}) return;
    throw Error(
        ErrorKind::conflict, "accounts.last_operator",
        "Nobody else operates this installation; let somebody else do so first."
    );
}

}  // namespace afterresume::accounts
