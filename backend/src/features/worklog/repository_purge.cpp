#include "features/worklog/repository.h"

namespace afterresume::worklog {

using sql::named;

Task<std::vector<Id<Entry>>> Repository::purge(
    sql::Tx& tx, const Scope& scope, Timestamp before, std::int64_t most
) {
    static constexpr sql::Statement find{"worklog.find_deleted_before", R"sql(
        SELECT id FROM worklog WHERE tenant_id = :tenant_id AND deleted_at < :before
        ORDER BY deleted_at LIMIT :most FOR UPDATE)sql"};
    static constexpr sql::Statement remove_history{
        "worklog.purge_history",
        R"sql(
        DELETE FROM worklog_history WHERE tenant_id = :tenant_id
          AND worklog_id IN (SELECT value::bigint FROM jsonb_array_elements_text(:ids)))sql",
        R"sql(
        DELETE FROM worklog_history WHERE tenant_id = :tenant_id
          AND worklog_id IN (SELECT value FROM json_each(:ids)))sql"
    };
    // Their words left the search when they were deleted.
    static constexpr sql::Statement remove{
        "worklog.purge",
        R"sql(
        DELETE FROM worklog WHERE tenant_id = :tenant_id
          AND id IN (SELECT value::bigint FROM jsonb_array_elements_text(:ids)))sql",
        R"sql(
        DELETE FROM worklog WHERE tenant_id = :tenant_id AND id IN (SELECT value FROM json_each(:ids)))sql"
    };
    auto ids =
        co_await tx.all<Id<Entry>>(find, scope, named("before", before), named("most", most));
    auto list = named("ids", sql::JsonText{describe::to_json(ids)});
    tx.defer(remove_history, scope, list);
    tx.defer(remove, scope, list);
    co_return ids;
}

}  // namespace afterresume::worklog
