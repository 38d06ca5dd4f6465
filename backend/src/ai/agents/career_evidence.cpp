#include "ai/agents/resume_composition.h"

#include <string_view>

namespace afterresume::agents {

namespace {

void join(std::string& out, std::string_view line) {
    if (line.empty()) return;
    if (!out.empty()) out += '\n';
    out += line;
}

void join_given(std::string& out, const OptionalText& line) {
    if (line) join(out, *line);
}

}  // namespace

Evidence evidence_of(const CareerPosition& position) {
    std::string text;
    join(text, position.name);
    join(text, position.position);
    for (const auto* part :
         {&position.location, &position.start_date, &position.end_date, &position.summary})
        join_given(text, *part);
    for (const auto& highlight : position.highlights) join(text, highlight);
    return {position.id, "position", std::move(text)};
}

Evidence evidence_of(const CareerProject& project) {
    std::string text;
    join(text, project.name);
    for (const auto* part : {&project.description, &project.start_date, &project.end_date})
        join_given(text, *part);
    for (const auto& highlight : project.highlights) join(text, highlight);
    for (const auto& keyword : project.keywords) join(text, keyword);
    return {project.id, "profile", std::move(text)};
}

Evidence profile_evidence(const Career& career) {
    std::string text;
    join(text, career.basics.name);
    for (const auto* part : {&career.basics.label, &career.basics.location, &career.basics.summary})
        join_given(text, *part);
    for (const auto& row : career.education) {
        join(text, row.institution);
        for (const auto* part : {&row.area, &row.study_type, &row.start_date, &row.end_date})
            join_given(text, *part);
    }
    for (const auto& row : career.certificates) join(text, row.name);
    for (const auto& row : career.awards) join(text, row.title);
    for (const auto& row : career.publications) join(text, row.name);
    for (const auto& row : career.languages) join(text, row.language);
    return {"profile", "profile", std::move(text)};
}

}  // namespace afterresume::agents
