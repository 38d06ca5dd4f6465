#include "features/skills/repository.h"

namespace afterresume::skills {

using sql::named;

Task<void> Repository::take_turn(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "skills.take_turn",
        "SELECT CAST(pg_advisory_xact_lock(hashtextextended('skills', CAST(:user_id AS bigint))) "
        "AS text)",
        // SQLite's writer is alone anyway.
        "SELECT :user_id"
    };
    co_await tx.execute(statement, scope);
}

Task<std::vector<RankedSkill>> Repository::list(
    sql::Tx& tx, const Scope& scope, const ListSkills& query, const Place& place
) {
    // One number orders the list, so that a cursor is one number and an id.
    static constexpr sql::Statement statement{"skills.list", R"sql(
        SELECT * FROM (
            SELECT id, slug, name, category, aliases, known, touched, hidden, pinned, merged_into, level, why, first_seen, last_seen,
                   evidence_count, version,
                   CASE WHEN pinned THEN 1000000000000 ELSE 0 END + level * 1000000000 + evidence_count AS rank
            FROM skill
            WHERE tenant_id = :tenant_id AND user_id = :user_id AND merged_into IS NULL
              AND (:with_hidden OR NOT hidden) AND (CAST(:category AS text) IS NULL OR category = :category)
              AND (CAST(:like AS text) IS NULL OR lower(name) LIKE :like ESCAPE '!' OR slug LIKE :like ESCAPE '!') AND level >= :least_level
        ) ranked
        WHERE rank < :rank OR (rank = :rank AND id > :id)
        ORDER BY rank DESC, id LIMIT :limit)sql"};
    std::optional<std::string> like;
    if (query.q) {
        like = "%";
        for (char c : *query.q) {
            if (c == '%' || c == '_' || c == '!') *like += '!';
            *like += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        }
        *like += '%';
    }
    co_return co_await tx.all<RankedSkill>(
        statement, query, scope, place, named("with_hidden", query.hidden.value_or(false)),
        named("like", like), named("least_level", query.least_level.value_or(0)),
        named("limit", query.page_size + 1)
    );
}

Task<std::optional<Skill>> Repository::find(sql::Tx& tx, const Scope& scope, Id<Skill> id) {
    static constexpr sql::Statement statement{"skills.get", R"sql(
        SELECT id, slug, name, category, aliases, known, touched, hidden, pinned, merged_into, level, why, first_seen, last_seen,
               evidence_count, version
        FROM skill WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id)sql"};
    co_return co_await tx.find<Skill>(statement, scope, named("id", id));
}

Task<std::vector<Skill>> Repository::all(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"skills.all", R"sql(
        SELECT id, slug, name, category, aliases, known, touched, hidden, pinned, merged_into, level, why, first_seen, last_seen,
               evidence_count, version
        FROM skill WHERE tenant_id = :tenant_id AND user_id = :user_id ORDER BY id)sql"};
    co_return co_await tx.all<Skill>(statement, scope);
}

Task<std::vector<Skill>> Repository::lock_all(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"skills.lock_all", R"sql(
        SELECT id, slug, name, category, aliases, known, touched, hidden, pinned, merged_into, level, why, first_seen, last_seen,
               evidence_count, version
        FROM skill WHERE tenant_id = :tenant_id AND user_id = :user_id ORDER BY id FOR UPDATE)sql"};
    co_return co_await tx.all<Skill>(statement, scope);
}

void Repository::insert(sql::Tx& tx, const Scope& scope, const Skill& skill, Timestamp now) {
    static constexpr sql::Statement statement{"skills.insert", R"sql(
        INSERT INTO skill (id, tenant_id, user_id, slug, name, category, aliases, known, touched, hidden, pinned, merged_into, level, why,
                           first_seen, last_seen, evidence_count, version, created_at, updated_at)
        VALUES (:id, :tenant_id, :user_id, :slug, :name, :category, :aliases, :known, :touched, :hidden, :pinned, :merged_into, :level, :why,
                :first_seen, :last_seen, :evidence_count, :version, :now, :now))sql"};
    tx.defer(statement, skill, scope, named("now", now));
}

void Repository::update(sql::Tx& tx, const Scope& scope, const Skill& skill, Timestamp now) {
    static constexpr sql::Statement statement{"skills.update", R"sql(
        UPDATE skill SET name = :name, category = :category, aliases = :aliases, touched = :touched, hidden = :hidden, pinned = :pinned,
            merged_into = :merged_into, level = :level, why = :why, first_seen = :first_seen, last_seen = :last_seen,
            evidence_count = :evidence_count, version = :version, updated_at = :now
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id)sql"};
    tx.defer(statement, skill, scope, named("now", now));
}

void Repository::remove(sql::Tx& tx, const Scope& scope, Id<Skill> id) {
    static constexpr sql::Statement statement{"skills.remove", R"sql(
        DELETE FROM skill WHERE tenant_id = :tenant_id AND user_id = :user_id AND (id = :id OR merged_into = :id))sql"};
    tx.defer(statement, scope, named("id", id));
}

}  // namespace afterresume::skills
