// The passages that show a skill, and what is counted over them.
#include "features/skills/repository.h"

namespace afterresume::skills {

using sql::named;

Task<std::vector<Evidence>> Repository::evidence(
    sql::Tx& tx, const Scope& scope, Id<Skill> id, std::int64_t before, std::int64_t limit
) {
    static constexpr sql::Statement statement{
        "skill_evidence.list", R"sql(
        SELECT id, skill_id, entry_id, field, start_at, end_at, quote, confidence, method, outcome, occurred_on FROM skill_evidence
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND skill_id = :skill_id AND id < :before ORDER BY id DESC LIMIT :limit)sql"
    };
    co_return co_await tx.all<Evidence>(
        statement, scope, named("skill_id", id), named("before", before), named("limit", limit)
    );
}

void Repository::insert_evidence(sql::Tx& tx, const Scope& scope, const Evidence& evidence) {
    static constexpr sql::Statement statement{"skill_evidence.insert", R"sql(
        INSERT INTO skill_evidence (id, tenant_id, user_id, skill_id, entry_id, field, start_at, end_at, quote, confidence, method, outcome,
                                    occurred_on)
        VALUES (:id, :tenant_id, :user_id, :skill_id, :entry_id, :field, :start_at, :end_at, :quote, :confidence, :method, :outcome,
                :occurred_on))sql"};
    tx.defer(statement, evidence, scope);
}

void Repository::remove_evidence_of_entry(sql::Tx& tx, const Scope& scope, std::int64_t entry_id) {
    static constexpr sql::Statement statement{
        "skill_evidence.remove_of_entry", R"sql(
        DELETE FROM skill_evidence WHERE tenant_id = :tenant_id AND user_id = :user_id AND entry_id = :entry_id)sql"
    };
    tx.defer(statement, scope, named("entry_id", entry_id));
}

void Repository::purge_evidence(
    sql::Tx& tx, const Scope& scope, const std::vector<Id<worklog::Entry>>& entries
) {
    static constexpr sql::Statement statement{
        "skill_evidence.purge",
        R"sql(
        DELETE FROM skill_evidence WHERE tenant_id = :tenant_id
          AND entry_id IN (SELECT value::bigint FROM jsonb_array_elements_text(:entries)))sql",
        R"sql(
        DELETE FROM skill_evidence WHERE tenant_id = :tenant_id
          AND entry_id IN (SELECT value FROM json_each(:entries)))sql"
    };
    tx.defer(statement, scope, named("entries", sql::JsonText{describe::to_json(entries)}));
}

void Repository::remove_evidence_of_skill(sql::Tx& tx, const Scope& scope, Id<Skill> id) {
    static constexpr sql::Statement statement{
        "skill_evidence.remove_of_skill", R"sql(
        DELETE FROM skill_evidence WHERE tenant_id = :tenant_id AND user_id = :user_id AND skill_id = :skill_id)sql"
    };
    tx.defer(statement, scope, named("skill_id", id));
}

void Repository::move_evidence(sql::Tx& tx, const Scope& scope, Id<Skill> from, Id<Skill> into) {
    static constexpr sql::Statement statement{
        "skill_evidence.move", R"sql(
        UPDATE skill_evidence SET skill_id = :into WHERE tenant_id = :tenant_id AND user_id = :user_id AND skill_id = :from)sql"
    };
    tx.defer(statement, scope, named("from", from), named("into", into));
}

Task<std::vector<Id<Skill>>> Repository::skills_of_entries(
    sql::Tx& tx, const Scope& scope, const std::vector<std::int64_t>& entries
) {
    static constexpr sql::Statement statement{
        "skill_evidence.skills_of_entries", R"sql(
        SELECT DISTINCT skill_id FROM skill_evidence
        WHERE tenant_id = :tenant_id AND user_id = :user_id
          AND entry_id IN (SELECT CAST(value AS bigint) FROM jsonb_array_elements_text(:entries)))sql",
        R"sql(
        SELECT DISTINCT skill_id FROM skill_evidence
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND entry_id IN (SELECT value FROM json_each(:entries)))sql"
    };
    co_return co_await tx.all<Id<Skill>>(statement, scope, named("entries", entries));
}

Task<std::vector<Use>> Repository::uses(
    sql::Tx& tx, const Scope& scope, const std::vector<Id<Skill>>& skills
) {
    static constexpr sql::Statement statement{
        "skill_evidence.uses", R"sql(
        SELECT skill_id, occurred_on, confidence, outcome FROM skill_evidence
        WHERE tenant_id = :tenant_id AND user_id = :user_id
          AND skill_id IN (SELECT CAST(value AS bigint) FROM jsonb_array_elements_text(:skills)) ORDER BY skill_id, occurred_on, id)sql",
        R"sql(
        SELECT skill_id, occurred_on, confidence, outcome FROM skill_evidence
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND skill_id IN (SELECT value FROM json_each(:skills))
        ORDER BY skill_id, occurred_on, id)sql"
    };
    co_return co_await tx.all<Use>(statement, scope, named("skills", skills));
}

Task<std::vector<MonthUse>> Repository::timeline(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "skills.timeline", R"sql(
        SELECT s.id AS skill_id, s.slug, s.name, to_char(e.occurred_on, 'YYYY-MM') AS month, COUNT(*) AS evidence,
               MIN(e.occurred_on) = s.first_seen AS first_seen
        FROM skill s JOIN skill_evidence e ON e.tenant_id = s.tenant_id AND e.skill_id = s.id
        WHERE s.tenant_id = :tenant_id AND s.user_id = :user_id AND NOT s.hidden
        GROUP BY s.id, s.slug, s.name, s.first_seen, to_char(e.occurred_on, 'YYYY-MM') ORDER BY month, s.name LIMIT 5000)sql",
        R"sql(
        SELECT s.id AS skill_id, s.slug, s.name, substr(e.occurred_on, 1, 7) AS month, COUNT(*) AS evidence,
               MIN(e.occurred_on) = s.first_seen AS first_seen
        FROM skill s JOIN skill_evidence e ON e.tenant_id = s.tenant_id AND e.skill_id = s.id
        WHERE s.tenant_id = :tenant_id AND s.user_id = :user_id AND NOT s.hidden
        GROUP BY s.id, substr(e.occurred_on, 1, 7) ORDER BY month, s.name LIMIT 5000)sql"
    };
    co_return co_await tx.all<MonthUse>(statement, scope);
}

Task<std::vector<Link>> Repository::links(sql::Tx& tx, const Scope& scope, std::int64_t most) {
    static constexpr sql::Statement statement{"skills.links", R"sql(
        SELECT a.skill_id AS one, b.skill_id AS other, COUNT(DISTINCT a.entry_id) AS entries
        FROM skill_evidence a
        JOIN skill_evidence b ON b.tenant_id = a.tenant_id AND b.entry_id = a.entry_id AND b.skill_id > a.skill_id
        WHERE a.tenant_id = :tenant_id AND a.user_id = :user_id
        GROUP BY a.skill_id, b.skill_id HAVING COUNT(DISTINCT a.entry_id) >= 2
        ORDER BY entries DESC, one, other LIMIT :most)sql"};
    co_return co_await tx.all<Link>(statement, scope, named("most", most));
}

}  // namespace afterresume::skills
