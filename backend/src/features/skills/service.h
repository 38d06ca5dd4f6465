// The rules of skills: what was found in entries, and what their person makes of it. Owned by app/.
#pragma once

#include "core/version.h"
#include "features/skills/events.h"
#include "features/skills/repository.h"
#include "features/worklog/service.h"
#include "infra/events/events.h"

#include <functional>

namespace afterresume::skills {

// What was found in one entry; an entry that is gone has no findings.
struct EntryFindings {
    worklog::Pending entry;
    std::vector<Finding> findings;
};

struct Level {
    std::int64_t level = 0;
    std::vector<std::string> why;
};
// The level that uses amount to; pure. Given by the workflow, because the formula is the rules
// engine's.
using LevelOf = std::function<Level(const std::vector<Use>&)>;

class Service {
public:
    Service(
        Repository& skills, worklog::Service& worklogs, events::Events& events, const Clock& clock
    )
        : skills_(skills), worklogs_(worklogs), events_(events), clock_(clock) {}

    Task<SkillPage> list(sql::Tx& tx, const Scope& scope, ListSkills query);
    // All that are neither hidden nor part of another, best first.
    Task<std::vector<Skill>> list_all(sql::Tx& tx, const Scope& scope);
    Task<Skill> get(sql::Tx& tx, const Scope& scope, Id<Skill> id);
    Task<Skill> create(sql::Tx& tx, const Scope& scope, CreateSkill wanted);
    Task<Skill> edit(sql::Tx& tx, const Scope& scope, Id<Skill> id, Match match, EditSkill change);
    // Only skills that a person made can be deleted; a found one is hidden. Throws Error(conflict,
    // "skills.has_evidence").
    Task<void> remove(sql::Tx& tx, const Scope& scope, Id<Skill> id, Match match);
    Task<Skill> merge(sql::Tx& tx, const Scope& scope, MergeSkills merge);
    Task<EvidencePage> evidence(sql::Tx& tx, const Scope& scope, Id<Skill> id, ListEvidence query);
    Task<Timeline> timeline(sql::Tx& tx, const Scope& scope);
    Task<Clusters> clusters(sql::Tx& tx, const Scope& scope);
    // Every entry is looked at again; gives the jobs that do it.
    Task<std::vector<Uuid>> ask_recompute(sql::Tx& tx, const Scope& scope);

    // Replaces what these entries show. The same log gives the same skills, however often.
    Task<std::int64_t> store(
        sql::Tx& tx, const Scope& scope, const std::vector<EntryFindings>& found,
        const LevelOf& level_of
    );

    // What is left of entries that are gone for good, of anybody in the tenant.
    void forget_entries(
        sql::Tx& tx, const Scope& scope, const std::vector<Id<worklog::Entry>>& entries
    );

private:
    Task<void> relevel(
        sql::Tx& tx, const Scope& scope, std::vector<Skill> skills, const LevelOf& level_of
    );

    Repository& skills_;
    worklog::Service& worklogs_;
    events::Events& events_;
    const Clock& clock_;
};

}  // namespace afterresume::skills
