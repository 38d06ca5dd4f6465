#include "workflows/resume_refresh.h"

#include "core/text.h"

#include <boost/json/value.hpp>

#include <algorithm>

namespace afterresume::workflows {

namespace {

// A skill may show in thousands of entries; the newest ones prove it.
constexpr std::size_t proofs_per_skill = 10;

reporting::Evidence evidence_of(const agents::EvidenceReference& reference) {
    using reporting::EvidenceKind;
    if (reference.kind == agents::EvidenceKind::entry) return entry_evidence(reference.id);
    if (reference.id == "profile") return {EvidenceKind::profile, std::nullopt};
    auto kind = reference.kind == agents::EvidenceKind::position ? EvidenceKind::position
                                                                 : EvidenceKind::project;
    return {kind, entry_evidence(reference.id).id};
}

boost::json::array& list_in(JsonObject& document, std::string_view name) {
    auto& list = document[name];
    if (!list.is_array()) list = boost::json::array();
    return list.get_array();
}

void erase_field(JsonObject& document, std::string_view list, std::string_view field) {
    for (auto& item : list_in(document, list)) {
        if (item.is_object()) item.get_object().erase(field);
    }
}

// Builds the content: sections of checked lines, and the places in the document where they belong.
class Composer {
public:
    explicit Composer(const ResumeMaterial& material)
        : material_(material), document_(material.document) {
        request_.career = career_of(material.profile);
        request_.entries = logged_entries(material.entries, material.skills);
        for (const auto& skill : material.skills) request_.skills.push_back(known_skill(skill));
        add_entries(proofs_, request_.entries);
        add_career(proofs_, request_.career);
        if (auto* basics = document_.if_contains("basics");
            basics != nullptr && basics->is_object())
            basics->get_object().erase("summary");
        if (document_.contains("work")) erase_field(document_, "work", "highlights");
        if (document_.contains("projects")) erase_field(document_, "projects", "highlights");
    }

    Composed compose() {
        auto draft = agents::compose_resume(request_);
        if (draft.summary) add_section("Summary", "/basics/summary", false, {*draft.summary});
        for (const auto& one : draft.work) {
            auto heading = one.position.position.empty()
                               ? one.position.name
                               : one.position.position + ", " + one.position.name;
            add_section(
                heading,
                fmt::format(
                    "/work/{}/highlights", index_of(material_.profile.work, one.position.id)
                ),
                false, one.bullets
            );
        }
        for (const auto& one : draft.projects) add_project(one);
        for (const auto& group : draft.skills) add_skills(group);
        Composed out;
        out.draft.kind = reporting::Kind::resume;
        out.draft.title = request_.career.basics.name.empty()
                              ? "Résumé"
                              : "Résumé of " + request_.career.basics.name;
        out.draft.content = {std::move(sections_), std::move(document_)};
        out.known = proofs_.names();
        return out;
    }

private:
    agents::KnownSkill known_skill(const skills::Skill& skill) const {
        agents::KnownSkill known{
            skill.name, skills::category_title(skill.category), skill.level, {}
        };
        for (const auto& entry : material_.entries) {
            if (std::find(entry.skills.begin(), entry.skills.end(), skill.slug) !=
                entry.skills.end())
                known.evidence.push_back(std::to_string(entry.id.value));
        }
        return known;
    }

    template <class T>
    static std::size_t index_of(const std::vector<profile::Item<T>>& items, const std::string& id) {
        auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) {
            return std::to_string(item.id.value) == id;
        });
        return static_cast<std::size_t>(found - items.begin());
    }

    void add_section(
        std::string heading, std::string pointer, bool found,
        const std::vector<agents::ResumeLine>& lines
    ) {
        if (lines.empty()) return;
        reporting::Section section{std::move(heading), std::move(pointer), found, {}};
        for (const auto& line : lines) {
            std::vector<reporting::Evidence> evidence;
            for (const auto& reference : line.evidence) evidence.push_back(evidence_of(reference));
            section.lines.push_back(proofs_.checked(line.text, std::move(evidence)));
        }
        sections_.push_back(std::move(section));
    }

    // A project that only the log knows gets a place of its own.
    void add_project(const agents::ResumeProject& one) {
        auto index = index_of(material_.profile.projects, one.project.id);
        auto found = index == material_.profile.projects.size();
        if (found) {
            auto& projects = list_in(document_, "projects");
            index = projects.size();
            projects.emplace_back(JsonObject{{"name", one.project.name}});
        }
        add_section(
            one.project.name, fmt::format("/projects/{}/highlights", index), found, one.bullets
        );
    }

    // Whether the profile names the skill itself.
    bool declares(const std::string& name) const {
        auto same = [folded = fold_for_search(name)](const std::string& other) {
            return fold_for_search(other) == folded;
        };
        return std::any_of(
            material_.profile.skills.begin(), material_.profile.skills.end(),
            [&](const auto& declared) {
                return (declared.name && same(*declared.name)) ||
                       std::any_of(declared.keywords.begin(), declared.keywords.end(), same);
            }
        );
    }

    void add_skills(const agents::ResumeSkillGroup& group) {
        std::vector<agents::ResumeLine> lines;
        for (const auto& skill : group.skills) {
            if (declares(skill.name)) continue;
            auto count = std::min(proofs_per_skill, skill.evidence.size());
            lines.push_back(
                {skill.name,
                 {skill.evidence.begin(),
                  skill.evidence.begin() + static_cast<std::ptrdiff_t>(count)}}
            );
        }
        if (lines.empty()) return;
        auto& groups = list_in(document_, "skills");
        auto index = groups.size();
        groups.emplace_back(JsonObject{{"name", group.category}});
        add_section(group.category, fmt::format("/skills/{}/keywords", index), true, lines);
    }

    const ResumeMaterial& material_;
    JsonObject document_;
    agents::ResumeRequest request_;
    Proofs proofs_;
    std::vector<reporting::Section> sections_;
};

}  // namespace

Composed compose(const ResumeMaterial& material) { return Composer(material).compose(); }

orchestration::Plan ResumeRefresh::steps() const {
    return {{.name = "compose", .sentence = "Composed the résumé and checked every line"}};
}

Task<void> ResumeRefresh::run(orchestration::Run& run, RefreshArgs) {
    auto scope = run.scope();
    auto read = [&](sql::Tx& tx) { return load(tx, scope); };
    auto material = co_await run.read(read);
    auto work = [](const ResumeMaterial& given) { return compose(given); };
    auto composed = co_await run.step<Composed>("compose", std::move(material), work);
    auto stored = [&](sql::Tx& tx) { return store(tx, scope, composed); };
    co_await run.finish(stored);
}

Task<ResumeMaterial> ResumeRefresh::load(sql::Tx& tx, Scope scope) {
    auto today = local_date(clock_.now(), scope.time_zone());
    ResumeMaterial material;
    material.profile = co_await profiles_.get(tx, scope);
    material.document = co_await profiles_.export_resume_json(tx, scope);
    material.entries =
        co_await worklogs_.between(tx, scope, LocalDate(1900, 1, 1), today, most_entries);
    material.skills = co_await skills_.list_all(tx, scope);
    co_return material;
}

Task<RefreshResult> ResumeRefresh::store(sql::Tx& tx, Scope scope, Composed composed) {
    std::set<reporting::Evidence> known(composed.known.begin(), composed.known.end());
    auto kept = co_await reports_.store(tx, scope, std::move(composed.draft), std::move(known));
    auto counts = reporting::count_lines(kept.report.content);
    co_return RefreshResult{
        kept.report.id, kept.report.title, counts.lines, counts.unverified, kept.fresh
    };
}

}  // namespace afterresume::workflows
