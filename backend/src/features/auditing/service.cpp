#include "features/auditing/service.h"

#include "core/list_more.h"

#include <boost/json/value.hpp>

namespace afterresume::auditing {

Task<void> Service::record(
    sql::Tx& tx, const Scope& scope, const Origin& origin, Act act, Outcome outcome, JsonObject data
) {
    static constexpr sql::Statement statement{
        "auditing.insert", R"sql(
        INSERT INTO auth_event (id, tenant_id, user_id, name, outcome, address, user_agent, correlation_id, data, created_at)
        VALUES (:id, :tenant_id, :user_id, :name, :outcome, :address, :user_agent, :correlation_id, :data, :created_at))sql"
    };
    AuthEvent event;
    event.id = co_await tx.new_id<AuthEvent>();
    event.name = act;
    event.outcome = outcome;
    event.address = origin.address;
    event.user_agent = origin.user_agent.substr(0, 300);
    event.correlation_id = scope.correlation();
    event.data = std::move(data);
    event.created_at = clock_.now();
    // Not everything is somebody's.
    if (scope.user() != UserId{}) event.user_id = scope.user();
    tx.defer(statement, event, sql::named("tenant_id", scope.tenant()));
}

Task<void> Service::record_failure(
    sql::Database& database, Scope scope, Origin origin, Act act, JsonObject data
) {
    auto tx = database.begin(scope, sql::Access::write);
    co_await record(*tx, scope, origin, act, Outcome::failure, std::move(data));
    co_await tx->commit();
}

Task<Page<AuthEvent>> Service::list(
    sql::Tx& tx, const Scope& scope, std::int64_t page_size, std::optional<std::int64_t> before
) {
    static constexpr sql::Statement statement{
        "auditing.list", R"sql(
        SELECT id, user_id, name, outcome, address, user_agent, correlation_id, data, created_at
        FROM auth_event WHERE tenant_id = :tenant_id AND id < :before ORDER BY id DESC LIMIT :limit)sql"
    };
    auto rows = co_await tx.all<AuthEvent>(
        statement, scope, sql::named("before", before.value_or(INT64_MAX)),
        sql::named("limit", page_size + 1)
    );
    co_return cut_by_id(std::move(rows), page_size);
}

Task<std::int64_t> Service::empty(sql::Tx& tx, const Scope& scope, std::int64_t most) {
    // As the owner of the table, who alone may, by a function of the migrations.
    static constexpr sql::Statement on_postgres{
        "auditing.empty", "SELECT empty_auth_events(:user_id, :now, :most)"
    };
    static constexpr sql::Statement on_sqlite{"auditing.empty", R"sql(
        UPDATE auth_event SET address = '', user_agent = '', data = '{}', purged_at = :now
        WHERE tenant_id = :tenant_id AND id IN (
            SELECT e.id FROM auth_event e JOIN audit_seal s ON s.event_id = e.id
            WHERE e.tenant_id = :tenant_id AND e.purged_at IS NULL AND :user_id IN (CAST(0 AS bigint), e.user_id)
              AND EXISTS (SELECT 1 FROM erasure r
                          WHERE r.tenant_id = e.tenant_id AND r.user_id = :user_id AND r.due_at <= :now)
            ORDER BY e.id LIMIT :most))sql"};
    auto now = sql::named("now", clock_.now());
    auto limit = sql::named("most", most);
    if (tx.dialect() == sql::Dialect::sqlite)
        co_return co_await tx.execute(on_sqlite, scope, now, limit);
    co_return co_await tx.one<std::int64_t>(on_postgres, scope, now, limit);
}

Task<std::int64_t> Service::count_full(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "auditing.count_full", R"sql(
        SELECT count(*) FROM auth_event
        WHERE tenant_id = :tenant_id AND purged_at IS NULL AND :user_id IN (CAST(0 AS bigint), user_id))sql"
    };
    return tx.one<std::int64_t>(statement, scope);
}

Task<Page<TrailEvent>> list_trail(sql::Tx& tx, ListTrail query) {
    static constexpr sql::Statement statement{"auditing.list_trail", R"sql(
        SELECT id, tenant_id, user_id, name, outcome, address, user_agent, correlation_id, data, created_at
        FROM auth_event
        WHERE id < :before
          AND (CAST(:tenant AS bigint) IS NULL OR tenant_id = :tenant)
          AND (CAST(:user AS bigint) IS NULL OR user_id = :user)
          AND (CAST(:name AS text) IS NULL OR name = :name)
          AND (CAST(:outcome AS text) IS NULL OR outcome = :outcome)
          AND (CAST(:from AS timestamptz) IS NULL OR created_at >= :from)
          AND (CAST(:to AS timestamptz) IS NULL OR created_at < :to)
        ORDER BY id DESC LIMIT :limit)sql"};
    auto rows = co_await tx.all<TrailEvent>(
        statement, sql::named("before", query.cursor.value_or(INT64_MAX)),
        sql::named("tenant", query.tenant_id), sql::named("user", query.user_id),
        sql::named("name", query.name), sql::named("outcome", query.outcome),
        sql::named("from", query.from), sql::named("to", query.to),
        sql::named("limit", query.page_size + 1)
    );
    co_return cut_by_id(std::move(rows), query.page_size);
}

}  // namespace afterresume::auditing
