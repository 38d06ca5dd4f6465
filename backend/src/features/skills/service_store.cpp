// How findings become skills, and how skills become one another.
#include "features/skills/service.h"

#include <set>

namespace afterresume::skills {

namespace {

// The user's skills by slug and id while findings are stored; merged ones lead to what they are
// part of.
class Shelf {
public:
    explicit Shelf(std::vector<Skill> skills) {
        for (auto& skill : skills) {
            ids_.emplace(skill.slug, skill.id);
            skills_.emplace(skill.id, std::move(skill));
        }
    }
    Skill* find(const std::string& slug) {
        auto found = ids_.find(slug);
        if (found == ids_.end()) return nullptr;
        auto* skill = &skills_.at(found->second);
        while (skill->merged_into) skill = &skills_.at(*skill->merged_into);
        return skill;
    }
    Skill& add(Skill skill) {
        ids_.emplace(skill.slug, skill.id);
        return skills_.emplace(skill.id, std::move(skill)).first->second;
    }
    std::vector<Skill> pick(const std::set<Id<Skill>>& wanted) const {
        std::vector<Skill> out;
        for (auto id : wanted) {
            if (auto found = skills_.find(id); found != skills_.end()) out.push_back(found->second);
        }
        return out;
    }

private:
    std::map<std::string, Id<Skill>> ids_;
    std::map<Id<Skill>, Skill> skills_;
};

Skill skill_of(const Finding& finding, Id<Skill> id) {
    Skill skill;
    skill.id = id;
    skill.slug = finding.slug;
    skill.name = finding.name;
    skill.category = finding.category;
    skill.known = finding.known;
    return skill;
}

Evidence evidence_of(const Finding& finding, const worklog::Pending& entry, Id<Skill> skill) {
    Evidence evidence;
    evidence.skill_id = skill;
    evidence.entry_id = entry.id.value;
    evidence.field = finding.field;
    evidence.start_at = finding.start_at;
    evidence.end_at = finding.end_at;
    evidence.quote = finding.quote;
    evidence.confidence = finding.confidence;
    evidence.outcome = entry.outcome.has_value();
    evidence.occurred_on = entry.occurred_on;
    return evidence;
}

}  // namespace

Task<std::int64_t> Service::store(
    sql::Tx& tx, const Scope& scope, const std::vector<EntryFindings>& found,
    const LevelOf& level_of
) {
    co_await skills_.take_turn(tx, scope);
    Shelf shelf(co_await skills_.lock_all(tx, scope));
    std::vector<std::int64_t> entries;
    for (const auto& one : found) entries.push_back(one.entry.id.value);
    auto before = co_await skills_.skills_of_entries(tx, scope, entries);
    std::set<Id<Skill>> concerned(before.begin(), before.end());
    auto now = clock_.now();
    for (const auto& one : found) {
        skills_.remove_evidence_of_entry(tx, scope, one.entry.id.value);
        std::set<std::string> slugs;
        for (const auto& finding : one.findings) {
            auto* skill = shelf.find(finding.slug);
            if (skill == nullptr) {
                auto id = co_await tx.new_id<Skill>();
                skill = &shelf.add(skill_of(finding, id));
                skills_.insert(tx, scope, *skill, now);
            }
            auto evidence = evidence_of(finding, one.entry, skill->id);
            evidence.id = co_await tx.new_id<Evidence>();
            skills_.insert_evidence(tx, scope, evidence);
            concerned.insert(skill->id);
            slugs.insert(skill->slug);
        }
        worklogs_.store_skills(tx, scope, one.entry, {slugs.begin(), slugs.end()});
    }
    auto count = static_cast<std::int64_t>(concerned.size());
    co_await relevel(tx, scope, shelf.pick(concerned), level_of);
    if (count > 0) co_await events_.record(tx, scope, SkillsChanged{count});
    co_return count;
}

Task<void> Service::relevel(
    sql::Tx& tx, const Scope& scope, std::vector<Skill> skills, const LevelOf& level_of
) {
    std::vector<Id<Skill>> ids;
    for (const auto& skill : skills) ids.push_back(skill.id);
    std::map<Id<Skill>, std::vector<Use>> uses;
    auto all = co_await skills_.uses(tx, scope, ids);
    for (auto& use : all) uses[use.skill_id].push_back(use);
    for (auto& skill : skills) {
        const auto& of_skill = uses[skill.id];
        if (of_skill.empty() && !skill.touched) {
            skills_.remove(tx, scope, skill.id);
            continue;
        }
        auto level = level_of(of_skill);
        skill.level = level.level;
        skill.why = std::move(level.why);
        skill.evidence_count = static_cast<std::int64_t>(of_skill.size());
        skill.first_seen =
            of_skill.empty() ? std::nullopt : std::optional(of_skill.front().occurred_on);
        skill.last_seen =
            of_skill.empty() ? std::nullopt : std::optional(of_skill.back().occurred_on);
        skill.version += 1;
        skills_.update(tx, scope, skill, clock_.now());
    }
}

Task<Skill> Service::merge(sql::Tx& tx, const Scope& scope, MergeSkills merge) {
    auto all = co_await skills_.lock_all(tx, scope);
    std::map<Id<Skill>, Skill> by_id;
    for (auto& skill : all) by_id.emplace(skill.id, std::move(skill));
    auto into = by_id.find(merge.into);
    if (into == by_id.end() || into->second.merged_into)
        throw Error::not_found("skill to merge into");
    auto now = clock_.now();
    for (auto id : merge.from) {
        auto from = by_id.find(id);
        if (from == by_id.end() || from->second.merged_into)
            throw Error::not_found("skill to merge");
        if (id == merge.into)
            throw Error::invalid_fields({{"/from", "must not hold the skill that stays"}});
        auto& part = from->second;
        into->second.aliases.push_back(part.name);
        into->second.evidence_count += part.evidence_count;
        if (part.first_seen &&
            (!into->second.first_seen || *part.first_seen < *into->second.first_seen))
            into->second.first_seen = part.first_seen;
        if (part.last_seen &&
            (!into->second.last_seen || *part.last_seen > *into->second.last_seen))
            into->second.last_seen = part.last_seen;
        into->second.level = std::max(into->second.level, part.level);
        skills_.move_evidence(tx, scope, id, merge.into);
        part.merged_into = merge.into;
        part.touched = true;
        part.evidence_count = 0;
        part.version += 1;
        skills_.update(tx, scope, part, now);
        // What was part of the part follows it.
        for (auto& [other_id, other] : by_id) {
            if (other.merged_into != id) continue;
            other.merged_into = merge.into;
            skills_.update(tx, scope, other, now);
        }
    }
    into->second.touched = true;
    into->second.version += 1;
    skills_.update(tx, scope, into->second, now);
    co_await events_.record(tx, scope, SkillsChanged{static_cast<std::int64_t>(merge.from.size())});
    co_return into->second;
}

}  // namespace afterresume::skills
