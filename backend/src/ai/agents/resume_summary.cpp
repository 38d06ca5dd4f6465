#include "ai/agents/resume_summary.h"

#include "ai/agents/text.h"
#include "core/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace afterresume::agents {

namespace {

constexpr std::size_t skills_named = 5;

std::string first_year(const std::vector<ResumePosition>& work) {
    std::string first;
    for (const auto& row : work) {
        auto year = row.position.start_date.value_or("").substr(0, 4);
        if (year.size() == 4 && (first.empty() || year < first)) first = year;
    }
    return first;
}

// The strongest skills of all groups: level, then number of proofs.
std::vector<ResumeSkill> strongest(const std::vector<ResumeSkillGroup>& groups) {
    std::vector<ResumeSkill> all;
    for (const auto& group : groups)
        all.insert(all.end(), group.skills.begin(), group.skills.end());
    std::sort(all.begin(), all.end(), [](const ResumeSkill& a, const ResumeSkill& b) {
        if (a.level != b.level) return a.level > b.level;
        return a.evidence.size() != b.evidence.size() ? a.evidence.size() > b.evidence.size()
                                                      : a.name < b.name;
    });
    std::erase_if(all, [](const ResumeSkill& skill) { return skill.level < 2; });
    if (all.size() > skills_named) all.resize(skills_named);
    return all;
}

}  // namespace

std::optional<ResumeLine> resume_summary(const Career& career, const ResumeDraft& draft) {
    if (career.basics.summary && !trim(*career.basics.summary).empty())
        return ResumeLine{*career.basics.summary, {{"profile", EvidenceKind::profile}}};
    ResumeLine line;
    if (!draft.work.empty()) {
        const auto& latest = draft.work.front().position;
        auto since = first_year(draft.work);
        bool current = latest.end_date.value_or("").empty();
        auto title = career.basics.label.value_or(latest.position);
        line.text = title;
        if (draft.work.size() > 1 && !since.empty())
            line.text += fmt::format(" working since {}", since);
        if (!latest.name.empty())
            line.text += fmt::format(
                ", {} {} at {}", current ? "currently" : "most recently", latest.position,
                latest.name
            );
        line.text += '.';
        for (const auto& row : draft.work)
            line.evidence.push_back({row.position.id, EvidenceKind::position});
        line.evidence.push_back({"profile", EvidenceKind::profile});
    } else if (career.basics.label) {
        line.text = *career.basics.label + '.';
        line.evidence.push_back({"profile", EvidenceKind::profile});
    }
    std::vector<std::string> names;
    for (const auto& skill : strongest(draft.skills)) {
        names.push_back(skill.name);
        auto proofs = std::min<std::size_t>(3, skill.evidence.size());
        line.evidence.insert(
            line.evidence.end(), skill.evidence.begin(),
            skill.evidence.begin() + static_cast<std::ptrdiff_t>(proofs)
        );
    }
    if (names.size() >= 2)
        line.text += fmt::format(
            "{}Works mostly with {}.", line.text.empty() ? "" : " ", join_with_and(names)
        );
    if (line.text.empty()) return std::nullopt;
    return line;
}

}  // namespace afterresume::agents
