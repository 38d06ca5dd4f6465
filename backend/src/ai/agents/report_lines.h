// The computed lines of a report: counts and lists whose figures are those of the entries they
// name.
#pragma once

#include "ai/agents/report_composition.h"
#include "ai/agents/telling.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace afterresume::agents {

// "1–31 March 2025", "3 March 2025", "28 February – 2 March 2025".
std::string period(LocalDate from, LocalDate to);
std::string month_name(LocalDate date);
std::string weekday_name(LocalDate date);

// "12 entries in 3 projects, mostly fixes and new features."
ReportLine overview(std::span<const Telling> all);
// "Also: 6 fixes and 2 new features." for what has no line of its own; nullopt for nothing.
std::optional<ReportLine> remainder(std::span<const Telling> rest, std::string_view opening);
// "And 12 more"
std::optional<ReportLine> more(std::span<const Telling> rest);
// "Updated dependencies 12 times and published 3 releases."
std::optional<ReportLine> upkeep(std::span<const Telling> routine);
// "Python (12 entries), SQL (4)".
std::vector<ReportLine> skill_lines(std::span<const Telling> all, std::size_t most);
// One line per quarter: what the work was about.
std::vector<ReportLine> quarter_lines(std::span<const Telling> all);

struct OutlookLines {
    std::vector<ReportLine> next;
    std::vector<ReportLine> blocked;
};
// Plans and obstacles in the writer's own words, at most so many each, from the latest entries.
// "Tomorrow: deploy it." becomes "Deploy it".
OutlookLines outlook_lines(std::span<const LoggedEntry> entries, std::size_t most);

}  // namespace afterresume::agents
