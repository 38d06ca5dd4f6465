#include "features/system/repository.h"

namespace afterresume::system {

using sql::named;

Task<bool> Repository::insert_break_glass(sql::Tx& tx, const BreakGlass& glass) {
    static constexpr sql::Statement end_former{
        "system.end_former_break_glass", R"sql(
        UPDATE break_glass SET ended_at = expires_at
        WHERE tenant_id = :tenant_id AND operator_id = :operator_id AND ended_at IS NULL AND expires_at <= :opened_at)sql"
    };
    static constexpr sql::Statement statement{
        "system.insert_break_glass", R"sql(
        INSERT INTO break_glass (id, tenant_id, operator_id, reason, opened_at, expires_at)
        VALUES (:id, :tenant_id, :operator_id, :reason, :opened_at, :expires_at) ON CONFLICT DO NOTHING)sql"
    };
    tx.defer(end_former, glass);
    co_return co_await tx.execute(statement, glass) == 1;
}

Task<std::vector<BreakGlass>> Repository::list_break_glass(
    sql::Tx& tx, Id<BreakGlass> before, std::int64_t most
) {
    static constexpr sql::Statement statement{"system.list_break_glass", R"sql(
        SELECT id, tenant_id, operator_id, reason, opened_at, expires_at, ended_at, ended_by,
               CAST(CASE WHEN ended_at IS NULL THEN 1 ELSE 2 END AS bigint) AS version
        FROM break_glass WHERE id < :before ORDER BY id DESC LIMIT :most)sql"};
    return tx.all<BreakGlass>(statement, named("before", before), named("most", most));
}

Task<std::optional<BreakGlass>> Repository::find_break_glass(sql::Tx& tx, Id<BreakGlass> id) {
    static constexpr sql::Statement statement{"system.find_break_glass", R"sql(
        SELECT id, tenant_id, operator_id, reason, opened_at, expires_at, ended_at, ended_by,
               CAST(CASE WHEN ended_at IS NULL THEN 1 ELSE 2 END AS bigint) AS version
        FROM break_glass WHERE id = :id)sql"};
    return tx.find<BreakGlass>(statement, named("id", id));
}

Task<std::optional<BreakGlass>> Repository::lock_break_glass(sql::Tx& tx, Id<BreakGlass> id) {
    static constexpr sql::Statement statement{"system.lock_break_glass", R"sql(
        SELECT id, tenant_id, operator_id, reason, opened_at, expires_at, ended_at, ended_by,
               CAST(CASE WHEN ended_at IS NULL THEN 1 ELSE 2 END AS bigint) AS version
        FROM break_glass WHERE id = :id FOR UPDATE)sql"};
    return tx.find<BreakGlass>(statement, named("id", id));
}

void Repository::end_break_glass(sql::Tx& tx, const BreakGlass& glass) {
    static constexpr sql::Statement statement{
        "system.end_break_glass",
        "UPDATE break_glass SET ended_at = :ended_at, ended_by = :ended_by WHERE id = :id"
    };
    tx.defer(statement, glass);
}

Task<std::optional<BreakGlass>> Repository::find_open_break_glass(
    sql::Tx& tx, TenantId tenant, UserId by, Timestamp now
) {
    static constexpr sql::Statement statement{
        "system.find_open_break_glass", R"sql(
        SELECT id, tenant_id, operator_id, reason, opened_at, expires_at, ended_at, ended_by, CAST(1 AS bigint) AS version
        FROM break_glass
        WHERE tenant_id = :tenant AND operator_id = :by AND ended_at IS NULL AND expires_at > :now)sql"
    };
    return tx.find<BreakGlass>(
        statement, named("tenant", tenant), named("by", by), named("now", now)
    );
}

Task<std::optional<KeptContent>> Repository::find_content(
    sql::Tx& tx, const BreakGlass& glass, Uuid job, Timestamp now
) {
    static constexpr sql::Statement statement{"system.find_content", R"sql(
        SELECT job.payload, job.result, job.error ->> 'message' AS error_message
        FROM break_glass glass JOIN job ON job.tenant_id = glass.tenant_id
        WHERE glass.id = :glass AND glass.operator_id = :by AND glass.ended_at IS NULL AND glass.expires_at > :now
          AND job.id = :job
        FOR SHARE OF glass)sql"};
    return tx.find<KeptContent>(
        statement, named("glass", glass.id), named("by", glass.operator_id), named("now", now),
        named("job", job)
    );
}

}  // namespace afterresume::system
