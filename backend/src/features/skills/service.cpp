#include "features/skills/service.h"

#include "core/list_more.h"

#include <charconv>

namespace afterresume::skills {

namespace {

constexpr std::int64_t most_links = 500;
constexpr std::int64_t least_together = 3;

Error malformed_cursor() {
    return Error(
        ErrorKind::malformed, "request.malformed_cursor",
        "The cursor is none that a list here gave."
    );
}

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size()) throw malformed_cursor();
    return value;
}

Place place_of(const std::optional<std::string>& cursor) {
    if (!cursor) return {};
    auto dot = cursor->find('.');
    if (dot == std::string::npos) throw malformed_cursor();
    return {
        number(std::string_view(*cursor).substr(0, dot)),
        number(std::string_view(*cursor).substr(dot + 1))
    };
}

}  // namespace

Task<SkillPage> Service::list(sql::Tx& tx, const Scope& scope, ListSkills query) {
    auto rows = co_await skills_.list(tx, scope, query, place_of(query.cursor));
    auto page = cut_page(std::move(rows), query.page_size, [](const RankedSkill& last) {
        return fmt::format("{}.{}", last.rank, last.id.value);
    });
    SkillPage out;
    out.items.assign(page.items.begin(), page.items.end());
    out.next_cursor = std::move(page.next_cursor);
    co_return out;
}

Task<std::vector<Skill>> Service::list_all(sql::Tx& tx, const Scope& scope) {
    ListSkills query;
    query.page_size = 2'000;
    auto rows = co_await skills_.list(tx, scope, query, {});
    co_return std::vector<Skill>(rows.begin(), rows.end());
}

Task<Skill> Service::get(sql::Tx& tx, const Scope& scope, Id<Skill> id) {
    auto skill = co_await skills_.find(tx, scope, id);
    if (!skill) throw Error::not_found("skill");
    co_return std::move(*skill);
}

Task<Skill> Service::create(sql::Tx& tx, const Scope& scope, CreateSkill wanted) {
    Skill skill;
    skill.slug = slug_of(wanted.name);
    if (skill.slug.empty()) throw Error::invalid_fields({{"/name", "must hold a letter or digit"}});
    co_await skills_.take_turn(tx, scope);
    auto known = co_await skills_.lock_all(tx, scope);
    for (const auto& other : known) {
        if (other.slug == skill.slug)
            throw Error(
                ErrorKind::conflict, "skills.known_already",
                fmt::format("This is skill {} already.", other.id.value)
            );
    }
    skill.id = co_await tx.new_id<Skill>();
    skill.name = std::move(wanted.name);
    skill.category = wanted.category.value_or("other");
    skill.known = false;
    skill.touched = true;
    skill.why = {"You added this skill; no entry shows it yet."};
    skills_.insert(tx, scope, skill, clock_.now());
    co_await events_.record(tx, scope, SkillsChanged{1});
    co_return skill;
}

Task<Skill> Service::edit(
    sql::Tx& tx, const Scope& scope, Id<Skill> id, Match match, EditSkill change
) {
    auto skill = co_await get(tx, scope, id);
    match.require(skill.version);
    change.name.apply_to(skill.name);
    change.category.apply_to(skill.category);
    change.hidden.apply_to(skill.hidden);
    change.pinned.apply_to(skill.pinned);
    skill.touched = true;
    skill.version += 1;
    skills_.update(tx, scope, skill, clock_.now());
    co_await events_.record(tx, scope, SkillsChanged{1});
    co_return skill;
}

Task<void> Service::remove(sql::Tx& tx, const Scope& scope, Id<Skill> id, Match match) {
    auto skill = co_await get(tx, scope, id);
    match.require(skill.version);
    if (skill.evidence_count > 0) {
        throw Error(
            ErrorKind::conflict, "skills.has_evidence",
            "Your entries show this skill; hide it or merge it instead."
        );
    }
    skills_.remove(tx, scope, id);
    co_await events_.record(tx, scope, SkillsChanged{1});
}

Task<EvidencePage> Service::evidence(
    sql::Tx& tx, const Scope& scope, Id<Skill> id, ListEvidence query
) {
    co_await get(tx, scope, id);
    auto before = query.cursor ? number(*query.cursor) : INT64_MAX;
    auto rows = co_await skills_.evidence(tx, scope, id, before, query.page_size + 1);
    auto page = cut_by_id(std::move(rows), query.page_size);
    co_return EvidencePage{std::move(page.items), std::move(page.next_cursor)};
}

Task<Timeline> Service::timeline(sql::Tx& tx, const Scope& scope) {
    co_return Timeline{co_await skills_.timeline(tx, scope)};
}

Task<Clusters> Service::clusters(sql::Tx& tx, const Scope& scope) {
    Clusters out;
    out.links = co_await skills_.links(tx, scope, most_links);
    auto all = co_await skills_.all(tx, scope);
    std::map<Id<Skill>, Skill> by_id;
    for (auto& skill : all) by_id.emplace(skill.id, std::move(skill));
    for (const auto& members : clusters_of(out.links, least_together)) {
        Cluster cluster;
        for (auto id : members) cluster.skills.push_back(by_id[id]);
        out.clusters.push_back(std::move(cluster));
    }
    co_return out;
}

Task<std::vector<Uuid>> Service::ask_recompute(sql::Tx& tx, const Scope& scope) {
    auto entries = co_await worklogs_.forget_skills(tx, scope);
    co_return co_await events_.record(tx, scope, RecomputeAsked{entries});
}

void Service::forget_entries(
    sql::Tx& tx, const Scope& scope, const std::vector<Id<worklog::Entry>>& entries
) {
    skills_.purge_evidence(tx, scope, entries);
}

}  // namespace afterresume::skills
