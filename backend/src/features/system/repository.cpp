#include "features/system/repository.h"

namespace afterresume::system {

namespace {

std::vector<Flag> known_flags() {
    std::vector<Flag> out;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Flag>>([&](auto one) {
        out.push_back(one.value);
    });
    return out;
}

}  // namespace

void Repository::insert(sql::Tx& tx, const OperatorAct& act) {
    static constexpr sql::Statement statement{
        "system.insert_act", R"sql(
        INSERT INTO operator_act (id, operator_id, act, tenant_id, subject, address, user_agent, correlation_id, created_at)
        VALUES (:id, :operator_id, :act, :tenant_id, :subject, :address, :user_agent, :correlation_id, :created_at))sql"
    };
    tx.defer(statement, act);
}

Task<std::vector<SwitchedFlag>> Repository::list_flags(sql::Tx& tx) {
    static constexpr sql::Statement statement{
        "system.list_flags",
        R"sql(
        SELECT name AS flag, nullif(tenant_id, 0) AS tenant_id, is_on AS "on", set_by, set_at
        FROM feature_flag
        WHERE name = ANY (ARRAY(SELECT jsonb_array_elements_text(:known)))
        ORDER BY name, feature_flag.tenant_id)sql",
        R"sql(
        SELECT name AS flag, nullif(tenant_id, 0) AS tenant_id, is_on AS "on", set_by, set_at
        FROM feature_flag
        WHERE name IN (SELECT value FROM json_each(:known))
        ORDER BY name, feature_flag.tenant_id)sql"
    };
    return tx.all<SwitchedFlag>(statement, sql::named("known", known_flags()));
}

void Repository::set_flag(sql::Tx& tx, const SwitchedFlag& flag) {
    static constexpr sql::Statement statement{"system.set_flag", R"sql(
        INSERT INTO feature_flag (name, tenant_id, is_on, set_by, set_at)
        VALUES (:name, :of_tenant, :is_on, :set_by, :set_at)
        ON CONFLICT (name, tenant_id) DO UPDATE
        SET is_on = excluded.is_on, set_by = excluded.set_by, set_at = excluded.set_at)sql"};
    tx.defer(
        statement, sql::named("name", flag.flag),
        sql::named("of_tenant", flag.tenant_id.value_or(TenantId{0})), sql::named("is_on", flag.on),
        sql::named("set_by", flag.set_by), sql::named("set_at", flag.set_at)
    );
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
