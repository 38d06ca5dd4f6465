#include "ai/agents/resume_composition.h"

#include "ai/agents/ordered.h"
#include "ai/agents/resume_summary.h"
#include "ai/agents/telling.h"
#include "core/text.h"

#include <algorithm>
#include <map>

namespace afterresume::agents {

namespace {

constexpr std::size_t most_projects = 6;
constexpr std::size_t bullets_per_project = 3;
constexpr std::size_t most_groups = 8;
constexpr std::size_t skills_per_group = 12;
constexpr std::size_t longest_bullet = 220;
constexpr double alike = 0.45;

std::size_t bullets_for(std::size_t place) { return place == 0 ? 6 : place == 1 ? 4 : 3; }

// Newest first: current positions, then by end, then by start. Texts of dates compare as written.
bool is_newer(const CareerPosition& a, const CareerPosition& b) {
    auto end = [](const CareerPosition& position) {
        return position.end_date.value_or("").empty() ? std::string("9999") : *position.end_date;
    };
    if (end(a) != end(b)) return end(a) > end(b);
    return a.start_date.value_or("") > b.start_date.value_or("");
}

class ResumeComposer {
public:
    explicit ResumeComposer(const ResumeRequest& request) : request_(request) {
        for (const auto& skill : request.skills) {
            for (const auto& id : skill.evidence)
                relevance_[id] = std::max(relevance_[id], skill.level);
        }
    }

    ResumeDraft compose() && {
        draft_.career = request_.career;
        draft_.career.work.clear();
        draft_.career.projects.clear();
        auto all = tell(request_.entries, 2);
        for (auto& telling : all) {
            telling.impact +=
                2 * relevance(telling.entry->id) + (telling.measured ? 8 : 0) - slightness(telling);
        }
        work(all);
        projects(all);
        skills();
        draft_.summary = resume_summary(request_.career, draft_);
        return std::move(draft_);
    }

private:
    std::int64_t relevance(const std::string& id) const {
        auto found = relevance_.find(id);
        return found == relevance_.end() ? 0 : found->second;
    }

    // What a reader of a résumé can do without: chores, and lines of three words.
    static std::int64_t slightness(const Telling& telling) {
        bool chore = telling.category == WorkCategory::test ||
                     telling.category == WorkCategory::documentation ||
                     telling.category == WorkCategory::maintenance;
        auto words = std::count(telling.text.begin(), telling.text.end(), ' ') + 1;
        return (chore ? 8 : 0) + (words < 5 ? 10 : 0);
    }

    static bool fits_resume(const Telling& telling) {
        return telling.statement.acts && !telling.routine() &&
               telling.statement.category != WorkCategory::learning &&
               telling.statement.lemma != "learn" && telling.category != WorkCategory::learning &&
               telling.statement.text.find(": ") == std::string::npos &&
               telling.text.find(' ') != std::string::npos;
    }

    static ResumeLine line_of(const Telling& telling) {
        ResumeLine line;
        line.text = telling.text.size() > longest_bullet ? telling.statement.text : telling.text;
        line.text = shortened(std::move(line.text), longest_bullet);
        for (const auto& id : telling.evidence) line.evidence.push_back({id, EvidenceKind::entry});
        return line;
    }

    static std::vector<ResumeLine> bullets(
        std::vector<Telling> own, const std::vector<std::string>& declared,
        const EvidenceReference& source, std::size_t most
    ) {
        std::erase_if(own, [](const Telling& telling) { return !fits_resume(telling); });
        own = without_repetitions(std::move(own), alike);
        rank(own);
        std::vector<ResumeLine> out;
        std::vector<Shingles> said;
        // What the person chose to say comes first, and leaves room for what the log adds.
        auto room =
            own.empty() ? most : std::max<std::size_t>(1, most - std::min(most / 2, own.size()));
        for (const auto& highlight : declared) {
            if (out.size() >= room || trim(highlight).empty()) continue;
            out.push_back({highlight, {source}});
            said.push_back(shingles(highlight));
        }
        for (const auto& telling : own) {
            if (out.size() >= most) break;
            auto shape = shingles(telling.statement.text);
            if (std::any_of(said.begin(), said.end(), [&](const auto& other) {
                    return likeness(other, shape) >= alike;
                }))
                continue;
            out.push_back(line_of(telling));
            said.push_back(std::move(shape));
        }
        return out;
    }

    void work(const std::vector<Telling>& all) {
        auto positions = request_.career.work;
        sort_stably(positions, is_newer);
        for (std::size_t i = 0; i < positions.size(); ++i) {
            std::vector<Telling> own;
            std::copy_if(
                all.begin(), all.end(), std::back_inserter(own),
                [&](const Telling& telling) {
                    return telling.entry->position_id == positions[i].id;
                }
            );
            auto lines = bullets(
                std::move(own), positions[i].highlights, {positions[i].id, EvidenceKind::position},
                bullets_for(i)
            );
            draft_.work.push_back({positions[i], std::move(lines)});
        }
    }

    bool has_position(const Telling& telling) const {
        return telling.entry->position_id &&
               std::any_of(
                   request_.career.work.begin(), request_.career.work.end(),
                   [&](const auto& position) { return position.id == *telling.entry->position_id; }
               );
    }

    // Declared projects with what the log adds; then projects of entries that belong to no
    // position.
    void projects(const std::vector<Telling>& all) {
        std::map<std::string, std::vector<Telling>> by_name;
        for (const auto& telling : all) {
            if (!has_position(telling)) by_name[fold(telling.project())].push_back(telling);
        }
        for (const auto& project : request_.career.projects) {
            auto own = by_name.extract(fold(project.name));
            auto lines = bullets(
                own ? std::move(own.mapped()) : std::vector<Telling>(), project.highlights,
                {project.id, EvidenceKind::profile}, bullets_per_project
            );
            draft_.projects.push_back({project, std::move(lines)});
        }
        std::vector<std::pair<std::int64_t, ResumeProject>> found;
        for (auto& [name, own] : by_name) {
            auto title = own.front().entry->project.value_or("Selected work");
            auto count = static_cast<std::int64_t>(own.size());
            std::int64_t best = 0;
            for (const auto& telling : own)
                best = std::max(best, fits_resume(telling) ? telling.impact : 0);
            auto lines = bullets(
                std::move(own), {}, {"profile", EvidenceKind::profile}, bullets_per_project
            );
            if (lines.empty()) continue;
            ResumeProject project;
            project.project.name = title;
            project.bullets = std::move(lines);
            found.emplace_back(best + std::min<std::int64_t>(40, count), std::move(project));
        }
        sort_stably(found, [](const auto& a, const auto& b) { return a.first > b.first; });
        for (auto& [score, project] : found) {
            if (draft_.projects.size() < most_projects)
                draft_.projects.push_back(std::move(project));
        }
    }

    void skills() {
        std::map<std::string, std::vector<ResumeSkill>> groups;
        for (const auto& skill : request_.skills) {
            if (skill.level < 1) continue;
            ResumeSkill row{skill.name, skill.level, {}};
            for (const auto& id : skill.evidence) row.evidence.push_back({id, EvidenceKind::entry});
            groups[skill.category.empty() ? "Other" : skill.category].push_back(std::move(row));
        }
        std::vector<std::pair<std::int64_t, ResumeSkillGroup>> rows;
        for (auto& [category, of] : groups) {
            sort_stably(of, [](const ResumeSkill& a, const ResumeSkill& b) {
                return std::pair(a.level, a.evidence.size()) >
                       std::pair(b.level, b.evidence.size());
            });
            std::int64_t weight = 0;
            for (const auto& skill : of) weight += skill.level;
            if (of.size() > skills_per_group) of.resize(skills_per_group);
            rows.emplace_back(weight, ResumeSkillGroup{category, std::move(of)});
        }
        sort_stably(rows, [](const auto& a, const auto& b) { return a.first > b.first; });
        for (auto& [weight, group] : rows) {
            if (draft_.skills.size() < most_groups) draft_.skills.push_back(std::move(group));
        }
    }

    const ResumeRequest& request_;
    std::map<std::string, std::int64_t> relevance_;
    ResumeDraft draft_;
};

}  // namespace

ResumeDraft compose_resume(const ResumeRequest& request) {
    return ResumeComposer(request).compose();
}

}  // namespace afterresume::agents
