// The only SQL of skills and their evidence.
#pragma once

#include "core/scope.h"
#include "features/skills/schema.h"
#include "features/worklog/model.h"
#include "infra/sql/database.h"

namespace afterresume::skills {

// A place in the list: pinned first, then by level, evidence and id.
struct Place {
    std::int64_t rank = INT64_MAX;
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(Place, (), (rank, id))

struct RankedSkill : Skill {
    std::int64_t rank = 0;
};
BOOST_DESCRIBE_STRUCT(RankedSkill, (Skill), (rank))

// The dates and weights that a level is computed from.
struct Use {
    Id<Skill> skill_id;
    LocalDate occurred_on;
    double confidence = 0;
    bool outcome = false;
};
BOOST_DESCRIBE_STRUCT(Use, (), (skill_id, occurred_on, confidence, outcome))

class Repository {
public:
    // Whoever stores findings of a user takes turns, until the transaction ends: rows that are not
    // there yet lock nothing.
    Task<void> take_turn(sql::Tx& tx, const Scope& scope);
    Task<std::vector<RankedSkill>> list(
        sql::Tx& tx, const Scope& scope, const ListSkills& query, const Place& place
    );
    Task<std::optional<Skill>> find(sql::Tx& tx, const Scope& scope, Id<Skill> id);
    // Every skill of the user, locked in order of id when the transaction writes.
    Task<std::vector<Skill>> all(sql::Tx& tx, const Scope& scope);
    Task<std::vector<Skill>> lock_all(sql::Tx& tx, const Scope& scope);
    void insert(sql::Tx& tx, const Scope& scope, const Skill& skill, Timestamp now);
    void update(sql::Tx& tx, const Scope& scope, const Skill& skill, Timestamp now);
    // With those that were merged into it.
    void remove(sql::Tx& tx, const Scope& scope, Id<Skill> id);

    Task<std::vector<Evidence>> evidence(
        sql::Tx& tx, const Scope& scope, Id<Skill> id, std::int64_t before, std::int64_t limit
    );
    void insert_evidence(sql::Tx& tx, const Scope& scope, const Evidence& evidence);
    void remove_evidence_of_entry(sql::Tx& tx, const Scope& scope, std::int64_t entry_id);
    // Of anybody in the tenant.
    void purge_evidence(
        sql::Tx& tx, const Scope& scope, const std::vector<Id<worklog::Entry>>& entries
    );
    void remove_evidence_of_skill(sql::Tx& tx, const Scope& scope, Id<Skill> id);
    void move_evidence(sql::Tx& tx, const Scope& scope, Id<Skill> from, Id<Skill> into);
    Task<std::vector<Id<Skill>>> skills_of_entries(
        sql::Tx& tx, const Scope& scope, const std::vector<std::int64_t>& entries
    );
    Task<std::vector<Use>> uses(
        sql::Tx& tx, const Scope& scope, const std::vector<Id<Skill>>& skills
    );

    Task<std::vector<MonthUse>> timeline(sql::Tx& tx, const Scope& scope);
    Task<std::vector<Link>> links(sql::Tx& tx, const Scope& scope, std::int64_t most);
};

}  // namespace afterresume::skills
