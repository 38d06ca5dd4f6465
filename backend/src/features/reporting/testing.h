// For tests: lines with their evidence, and a small résumé's content.
#pragma once

#include "features/reporting/model.h"

#include <boost/json/value.hpp>

namespace afterresume::reporting {

inline Evidence entry(std::int64_t id) { return {EvidenceKind::entry, id}; }

inline Line a_line(
    std::string text, std::vector<std::int64_t> entries, Verdict verdict = Verdict::verified
) {
    Line line;
    line.text = std::move(text);
    line.verdict = verdict;
    for (auto id : entries) line.evidence.push_back(entry(id));
    return line;
}

inline Section a_section(std::string heading, std::vector<Line> lines) {
    return {std::move(heading), std::nullopt, false, std::move(lines)};
}

inline Content a_content(std::vector<Section> sections) {
    Content content{std::move(sections), {}};
    number_lines(content);
    return content;
}

inline const Line& line_of(const Content& content, std::string_view text) {
    for (const auto& section : content.sections) {
        for (const auto& line : section.lines) {
            if (line.text == text) return line;
        }
    }
    throw std::logic_error("no such line");
}

// Headings and texts in order, as "heading: text".
inline std::vector<std::string> told(const Content& content) {
    std::vector<std::string> out;
    for (const auto& section : content.sections) {
        for (const auto& line : section.lines) out.push_back(section.heading + ": " + line.text);
    }
    return out;
}

inline std::vector<std::string> told_of(const Report& report) { return told(report.content); }

// One position, a project that only the log knows, and skills.
inline Content a_resume_content() {
    Content content;
    content.resume = {
        {"basics",
         {{"name", "Ada Example"},
          {"label", "Engineer"},
          {"email", "ada@example.org"},
          {"location", {{"city", "Łódź"}}}}},
        {"work", {{{"name", "Northshop"}, {"position", "Web Developer"}, {"startDate", "2020-07"}}}
        },
        {"projects", {{{"name", "office"}}, {{"name", "garden"}}}},
        {"education",
         {{{"institution", "TU Example"},
           {"studyType", "BSc"},
           {"area", "Physics"},
           {"endDate", "2015"}}}},
        {"skills", {{{"name", "Databases"}}}},
    };
    content.sections = {
        {"Summary", "/basics/summary", false, {a_line("Engineer at Northshop.", {1})}},
        {"Web Developer, Northshop",
         "/work/0/highlights",
         false,
         {a_line("Cut the build from 9 to 3 minutes", {2}),
          a_line("Hired 40 people", {3}, Verdict::unverified)}},
        {"office",
         "/projects/0/highlights",
         true,
         {a_line("Saved 900 euros", {4}, Verdict::unverified)}},
        {"garden", "/projects/1/highlights", true, {a_line("Planted trees", {5})}},
        {"Databases", "/skills/0/keywords", true, {a_line("PostgreSQL", {2}), a_line("Redis", {3})}
        },
    };
    number_lines(content);
    return content;
}

}  // namespace afterresume::reporting
