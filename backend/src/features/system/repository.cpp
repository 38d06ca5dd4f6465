#include "features/system/repository.h"

namespace afterresume::system {

void Repository::insert(sql::Tx& tx, const OperatorAct& act) {
    static constexpr sql::Statement statement{
        "system.insert_act", R"sql(
        INSERT INTO operator_act (id, operator_id, act, tenant_id, subject, address, user_agent, correlation_id, created_at)
        VALUES (:id, :operator_id, :act, :tenant_id, :subject, :address, :user_agent, :correlation_id, :created_at))sql"
    };
    tx.defer(statement, act);
}

Task<Page<OperatorAct>> Repository::list(sql::Tx& tx, Uuid before, std::int64_t page_size) {
    static constexpr sql::Statement statement{"system.list_acts", R"sql(
        SELECT id, operator_id, act, tenant_id, subject, address, user_agent, correlation_id, created_at
        FROM operator_act WHERE id < :before ORDER BY id DESC LIMIT :limit)sql"};
    auto rows = co_await tx.all<OperatorAct>(
        statement, sql::named("before", before), sql::named("limit", page_size + 1)
    );
    co_return cut_page(std::move(rows), page_size, [](const OperatorAct& last) {
        return last.id.text();
    });
}

}  // namespace afterresume::system
