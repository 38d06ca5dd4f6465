#include "features/accounts/deletion.h"

#include "features/accounts/people.h"
#include "features/accounts/sign_in_steps.h"

#include <algorithm>

namespace afterresume::accounts {

using auditing::Act;
using auditing::Outcome;
using sql::named;

Task<tenants::TenantView> Deletion::delete_tenant(
    Scope scope, std::string password, auditing::Origin origin
) {
    co_await parts_.credentials.prove(scope, std::move(password), Act::tenant_deleted, origin);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    auto tenant = co_await parts_.tenant_deletion.begin(*tx, scope, origin);
    co_await tx->commit();
    co_await stop_jobs(scope, UserId{0});
    co_return tenant;
}

Task<void> Deletion::stop_jobs(Scope scope, UserId of) {
    for (bool more = true; more;) {
        auto tx = parts_.database.begin(scope, sql::Access::write);
        more = co_await parts_.tenant_deletion.stop_jobs(*tx, scope, of);
        co_await tx->commit();
    }
}

Task<std::vector<tenants::Ties>> Deletion::find_all_ties(Scope scope) {
    auto reading = parts_.database.begin(scope, sql::Access::read);
    std::vector<tenants::Ties> all;
    for (auto tenant : co_await parts_.tenants.list_memberships(*reading, scope)) {
        auto inside = scope_in(tenant, scope);
        auto tx = parts_.database.begin(inside, sql::Access::read);
        all.push_back(co_await parts_.tenant_deletion.find_ties(*tx, inside));
    }
    // What may still be refused comes first.
    std::ranges::partition(all, [](const auto& ties) { return !ties.is_alone(); });
    co_return all;
}

Task<void> Deletion::require_another_operator(Scope scope) {
    auto tx = parts_.database.begin(scope, sql::Access::write);
    People::require_another(co_await People::operators_in_turn(*tx), scope.user());
    co_await tx->rollback();
}

Task<void> Deletion::depart(Scope scope, auditing::Origin origin) {
    auto tx = parts_.database.begin(scope, sql::Access::write);
    co_await parts_.tenant_deletion.depart(*tx, scope, origin);
    co_await tx->commit();
    co_await stop_jobs(scope, scope.user());
}

Task<void> Deletion::delete_account(Scope scope, std::string password, auditing::Origin origin) {
    co_await parts_.credentials.prove(scope, std::move(password), Act::account_deleted, origin);
    co_await delete_account_of(std::move(scope), {}, std::move(origin));
}

Task<void> Deletion::delete_account_of(Scope scope, JsonObject data, auditing::Origin origin) {
    co_await require_another_operator(scope);
    auto all = co_await find_all_ties(scope);
    std::vector<tenants::Ties> needed;
    std::ranges::copy_if(all, std::back_inserter(needed), &tenants::Ties::is_needed);
    if (!needed.empty()) throw tenants::needed_as_owner(needed);
    for (const auto& ties : all) co_await depart(scope_in(ties.tenant_id, scope), origin);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    // Of two who operate and go at once, one stays.
    People::require_another(co_await People::operators_in_turn(*tx), scope.user());
    // Somebody else who asked for it was first.
    if (!co_await parts_.accounts.empty(*tx, scope, parts_.clock.now())) co_return;
    co_await parts_.audit.record(
        *tx, scope, origin, Act::account_deleted, Outcome::success, std::move(data)
    );
    co_await tx->commit();
}

Task<std::int64_t> Deletion::forget_sessions(sql::Tx& engine, UserId user, std::int64_t most) {
    static constexpr sql::Statement remove_tokens{"accounts.forget_tokens", R"sql(
        DELETE FROM refresh_token WHERE session_id IN (
            SELECT id FROM session WHERE user_id = :user_id ORDER BY id LIMIT :most))sql"};
    static constexpr sql::Statement remove{"accounts.forget_sessions", R"sql(
        DELETE FROM session WHERE id IN (
            SELECT id FROM session WHERE user_id = :user_id ORDER BY id LIMIT :most))sql"};
    engine.defer(remove_tokens, named("user_id", user), named("most", most));
    co_return co_await engine.execute(remove, named("user_id", user), named("most", most));
}

Task<std::int64_t> Deletion::forget_tenant(sql::Tx& engine, TenantId tenant, std::int64_t most) {
    static constexpr sql::Statement statement{"sessions.forget_tenant", R"sql(
        UPDATE session SET last_tenant_id = 0 WHERE id IN (
            SELECT id FROM session WHERE last_tenant_id = :tenant_id LIMIT :most))sql"};
    return engine.execute(statement, named("tenant_id", tenant), named("most", most));
}

}  // namespace afterresume::accounts
