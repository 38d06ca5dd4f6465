#include "features/auditing/service.h"

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
    tx.defer(statement, event, scope);
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
    co_return cut_page(std::move(rows), page_size, [](const AuthEvent& last) {
        return std::to_string(last.id.value);
    });
}

}  // namespace afterresume::auditing
