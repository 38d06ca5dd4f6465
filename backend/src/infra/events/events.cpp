#include "infra/events/events.h"

namespace afterresume::events {

Task<std::vector<Uuid>> Events::keep(sql::Tx& tx, const Scope& scope, Event event) {
    static constexpr sql::Statement statement{"events.insert", R"sql(
        INSERT INTO system_event (id, tenant_id, user_id, name, correlation_id, data, created_at)
        VALUES (:id, :tenant_id, :user_id, :name, :correlation_id, :data, :created_at))sql"};
    auto id = co_await tx.new_id<Event>();
    tx.defer(
        statement, scope, sql::named("id", id), sql::named("name", event.name),
        sql::named("correlation_id", scope.correlation()),
        sql::named("data", sql::JsonText{event.data}), sql::named("created_at", clock_.now())
    );
    if (!follow_) co_return std::vector<Uuid>{};
    co_return co_await follow_(tx, scope, event);
}

}  // namespace afterresume::events
