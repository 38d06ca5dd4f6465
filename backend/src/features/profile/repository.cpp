#include "features/profile/repository.h"

namespace afterresume::profile {

using sql::named;

Task<std::optional<Head>> Repository::find_head(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "profile.head", R"sql(
        SELECT data, extra, version FROM profile_basics WHERE tenant_id = :tenant_id AND user_id = :user_id)sql"
    };
    co_return co_await tx.find<Head>(statement, scope);
}

Task<std::int64_t> Repository::begin_change(sql::Tx& tx, const Scope& scope, Timestamp now) {
    static constexpr sql::Statement statement{"profile.begin_change", R"sql(
        INSERT INTO profile_basics (tenant_id, user_id, data, extra, version, created_at, updated_at)
        VALUES (:tenant_id, :user_id, '{}', '{}', 2, :now, :now)
        ON CONFLICT (tenant_id, user_id) DO UPDATE SET version = profile_basics.version + 1, updated_at = excluded.updated_at
        RETURNING version)sql"};
    co_return co_await tx.one<std::int64_t>(statement, scope, named("now", now)) - 1;
}

void Repository::save_basics(sql::Tx& tx, const Scope& scope, const Basics& basics) {
    static constexpr sql::Statement statement{
        "profile.save_basics", R"sql(
        UPDATE profile_basics SET data = :data WHERE tenant_id = :tenant_id AND user_id = :user_id)sql"
    };
    tx.defer(statement, scope, named("data", basics));
}

void Repository::save_extra(sql::Tx& tx, const Scope& scope, const JsonObject& extra) {
    static constexpr sql::Statement statement{
        "profile.save_extra", R"sql(
        UPDATE profile_basics SET extra = :extra WHERE tenant_id = :tenant_id AND user_id = :user_id)sql"
    };
    tx.defer(statement, scope, named("extra", extra));
}

Task<std::vector<Count>> Repository::counts(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"profile.counts", R"sql(
        SELECT section, count(*) AS amount FROM profile_item
        WHERE tenant_id = :tenant_id AND user_id = :user_id GROUP BY section)sql"};
    co_return co_await tx.all<Count>(statement, scope);
}

Task<std::vector<Row>> Repository::rows(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"profile.rows", R"sql(
        SELECT id, section, position, data, version, created_at, updated_at FROM profile_item
        WHERE tenant_id = :tenant_id AND user_id = :user_id ORDER BY section, position, id)sql"};
    co_return co_await tx.all<Row>(statement, scope);
}

Task<std::vector<Row>> Repository::rows(
    sql::Tx& tx, const Scope& scope, Section section, std::int64_t after, std::int64_t limit
) {
    static constexpr sql::Statement statement{"profile.section", R"sql(
        SELECT id, section, position, data, version, created_at, updated_at FROM profile_item
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND section = :section AND position > :after
        ORDER BY position, id LIMIT :limit)sql"};
    co_return co_await tx.all<Row>(
        statement, scope, named("section", section), named("after", after), named("limit", limit)
    );
}

Task<Row> Repository::get(sql::Tx& tx, const Scope& scope, Section section, std::int64_t id) {
    static constexpr sql::Statement statement{
        "profile.get", R"sql(
        SELECT id, section, position, data, version, created_at, updated_at FROM profile_item
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND section = :section AND id = :id)sql"
    };
    auto row = co_await tx.find<Row>(statement, scope, named("section", section), named("id", id));
    if (!row) throw Error::not_found("member of this section");
    co_return std::move(*row);
}

void Repository::insert(sql::Tx& tx, const Scope& scope, const Row& row) {
    static constexpr sql::Statement statement{
        "profile.insert", R"sql(
        INSERT INTO profile_item (id, tenant_id, user_id, section, position, data, version, created_at, updated_at)
        VALUES (:id, :tenant_id, :user_id, :section, :position, :data, :version, :created_at, :updated_at))sql"
    };
    tx.defer(statement, row, scope);
}

void Repository::update(sql::Tx& tx, const Scope& scope, const Row& row) {
    static constexpr sql::Statement statement{"profile.update", R"sql(
        UPDATE profile_item SET position = :position, data = :data, version = :version, updated_at = :updated_at
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id)sql"};
    tx.defer(statement, row, scope);
}

void Repository::move(sql::Tx& tx, const Scope& scope, std::int64_t id, std::int64_t position) {
    static constexpr sql::Statement statement{
        "profile.move", R"sql(
        UPDATE profile_item SET position = :position WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id)sql"
    };
    tx.defer(statement, scope, named("id", id), named("position", position));
}

void Repository::remove(sql::Tx& tx, const Scope& scope, std::int64_t id) {
    static constexpr sql::Statement statement{
        "profile.remove", R"sql(
        DELETE FROM profile_item WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id)sql"
    };
    tx.defer(statement, scope, named("id", id));
}

}  // namespace afterresume::profile
