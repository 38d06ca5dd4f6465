#include "ai/agents/report_lines.h"

#include "ai/agents/categories.h"
#include "ai/agents/markdown.h"
#include "ai/agents/ordered.h"
#include "ai/agents/statements.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace afterresume::agents {

namespace {

std::vector<std::string> distinct_ids(std::span<const Telling> tellings) {
    std::vector<std::string> out;
    std::set<std::string> seen;
    for (const auto& telling : tellings) {
        for (const auto& id : telling.evidence) {
            if (seen.insert(id).second) out.push_back(id);
        }
    }
    return out;
}

// Categories by number of entries, most frequent first.
std::vector<std::pair<WorkCategory, std::size_t>> by_category(std::span<const Telling> tellings) {
    std::map<WorkCategory, std::set<std::string>> ids;
    for (const auto& telling : tellings)
        ids[telling.category].insert(telling.evidence.begin(), telling.evidence.end());
    std::vector<std::pair<WorkCategory, std::size_t>> out;
    for (const auto& [category, of] : ids) out.emplace_back(category, of.size());
    sort_stably(out, [](const auto& a, const auto& b) { return a.second > b.second; });
    return out;
}

std::string lower_heading(WorkCategory category) {
    return lower_first(std::string(heading_of(category)));
}

// The projects with the most entries, at most two, when there are more.
std::vector<std::string> busiest_projects(std::span<const Telling> tellings) {
    std::map<std::string, std::size_t> counts;
    for (const auto& telling : tellings) {
        if (!telling.project().empty()) ++counts[telling.project()];
    }
    std::vector<std::pair<std::string, std::size_t>> rows(counts.begin(), counts.end());
    sort_stably(rows, [](const auto& a, const auto& b) { return a.second > b.second; });
    std::vector<std::string> out;
    for (std::size_t i = 0; i < rows.size() && i < 2 && rows.size() > 2; ++i)
        out.push_back(rows[i].first);
    return out;
}

std::string times(std::size_t count) {
    return count == 1 ? "once" : count == 2 ? "twice" : fmt::format("{} times", count);
}

std::string day_of(LocalDate date) {
    return fmt::format("{}", static_cast<unsigned>(date.day.day()));
}
int year_of(LocalDate date) { return static_cast<int>(date.day.year()); }

std::string outlook_text(std::string text) {
    auto colon = text.find(": ");
    if (colon != std::string::npos && colon < 20) text.erase(0, colon + 2);
    while (!text.empty() && text.back() == '.') text.pop_back();
    return upper_first(std::move(text));
}

}  // namespace

std::string month_name(LocalDate date) {
    static constexpr std::array names{"January",   "February", "March",    "April",
                                      "May",       "June",     "July",     "August",
                                      "September", "October",  "November", "December"};
    return names.at(static_cast<unsigned>(date.day.month()) - 1);
}

std::string weekday_name(LocalDate date) {
    static constexpr std::array names{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                      "Thursday", "Friday", "Saturday"};
    return names.at(std::chrono::weekday{std::chrono::sys_days{date.day}}.c_encoding());
}

std::string period(LocalDate from, LocalDate to) {
    if (from == to) return fmt::format("{} {} {}", day_of(to), month_name(to), year_of(to));
    if (year_of(from) != year_of(to))
        return fmt::format(
            "{} {} {} – {} {} {}", day_of(from), month_name(from), year_of(from), day_of(to),
            month_name(to), year_of(to)
        );
    if (from.day.month() != to.day.month())
        return fmt::format(
            "{} {} – {} {} {}", day_of(from), month_name(from), day_of(to), month_name(to),
            year_of(to)
        );
    return fmt::format("{}–{} {} {}", day_of(from), day_of(to), month_name(to), year_of(to));
}

ReportLine overview(std::span<const Telling> all) {
    ReportLine line;
    line.evidence = distinct_ids(all);
    std::set<std::string> projects;
    for (const auto& telling : all) {
        if (!telling.project().empty()) projects.insert(telling.project());
    }
    auto count = line.evidence.size();
    line.text = count == 1 ? "One entry" : fmt::format("{} entries", count);
    line.computed.push_back(fmt::format("{}", count));
    if (projects.size() == 1) line.text += " in " + *projects.begin();
    if (projects.size() > 1) {
        line.text += fmt::format(" in {} projects", projects.size());
        line.computed.push_back(fmt::format("{}", projects.size()));
    }
    std::vector<std::string> mostly;
    auto most = by_category(all);
    std::erase_if(most, [](const auto& row) {
        return row.first == WorkCategory::other || row.first == WorkCategory::maintenance ||
               row.second < 2;
    });
    for (std::size_t i = 0; i < most.size() && i < 3; ++i)
        mostly.push_back(lower_heading(most[i].first));
    if (!mostly.empty() && count > 3)
        line.text += fmt::format(
            ", {}{}", mostly.size() == 1 ? "mostly " : "above all ", join_with_and(mostly)
        );
    line.text += '.';
    return line;
}

std::optional<ReportLine> remainder(std::span<const Telling> rest, std::string_view opening) {
    if (rest.empty()) return std::nullopt;
    ReportLine line;
    line.evidence = distinct_ids(rest);
    std::vector<std::string> parts;
    std::size_t others = 0;
    for (const auto& [category, count] : by_category(rest)) {
        if (category == WorkCategory::other || category == WorkCategory::maintenance ||
            parts.size() >= 4) {
            others += count;
            continue;
        }
        parts.push_back(counted(count, category));
        line.computed.push_back(fmt::format("{}", count));
    }
    if (others > 0) {
        parts.push_back(
            parts.empty() ? fmt::format("{} smaller {}", others, others == 1 ? "task" : "tasks")
                          : fmt::format("{} other {}", others, others == 1 ? "task" : "tasks")
        );
        line.computed.push_back(fmt::format("{}", others));
    }
    line.text = fmt::format("{} {}", opening, join_with_and(parts));
    return line;
}

std::optional<ReportLine> more(std::span<const Telling> rest) {
    if (rest.empty()) return std::nullopt;
    ReportLine line;
    line.evidence = distinct_ids(rest);
    line.computed = {fmt::format("{}", line.evidence.size())};
    line.text = fmt::format("And {} more", line.evidence.size());
    return line;
}

std::optional<ReportLine> upkeep(std::span<const Telling> routine) {
    std::map<Routine, std::set<std::string>> ids;
    for (const auto& telling : routine)
        ids[telling.statement.routine].insert(telling.evidence.begin(), telling.evidence.end());
    ReportLine line;
    std::vector<std::string> parts;
    auto say = [&](Routine kind, auto text) {
        auto found = ids.find(kind);
        if (found == ids.end()) return;
        parts.push_back(text(found->second.size()));
        line.computed.push_back(
            found->second.size() == 2 && parts.back().ends_with("twice")
                ? "twice"
                : fmt::format("{}", found->second.size())
        );
        line.evidence.insert(line.evidence.end(), found->second.begin(), found->second.end());
    };
    say(Routine::release, [](std::size_t count) {
        return count == 1 ? std::string("published a release")
                          : fmt::format("published {} releases", count);
    });
    say(Routine::dependencies,
        [](std::size_t count) { return "updated dependencies " + times(count); });
    say(Routine::changelog,
        [](std::size_t count) { return "brought the changelog up to date " + times(count); });
    say(Routine::formatting,
        [](std::size_t count) { return "tidied up formatting and typos " + times(count); });
    say(Routine::review,
        [](std::size_t count) { return "worked in review comments or merges " + times(count); });
    if (parts.empty()) return std::nullopt;
    line.text = upper_first(join_with_and(parts));
    return line;
}

std::vector<ReportLine> skill_lines(std::span<const Telling> all, std::size_t most) {
    std::map<std::string, std::set<std::string>> ids;
    for (const auto& telling : all) {
        for (const auto& skill : telling.entry->skills) ids[skill].insert(telling.entry->id);
    }
    std::vector<std::pair<std::string, std::set<std::string>>> rows(ids.begin(), ids.end());
    sort_stably(rows, [](const auto& a, const auto& b) {
        return a.second.size() > b.second.size();
    });
    if (rows.size() > most) rows.resize(most);
    std::vector<ReportLine> out;
    for (const auto& [skill, of] : rows) {
        ReportLine line;
        line.text =
            fmt::format("{} ({} {})", skill, of.size(), of.size() == 1 ? "entry" : "entries");
        line.evidence.assign(of.begin(), of.end());
        line.computed = {fmt::format("{}", of.size())};
        out.push_back(std::move(line));
    }
    return out;
}

std::vector<ReportLine> quarter_lines(std::span<const Telling> all) {
    std::map<std::pair<int, unsigned>, std::vector<Telling>> quarters;
    for (const auto& telling : all) {
        auto date = telling.entry->date;
        quarters[{year_of(date), (static_cast<unsigned>(date.day.month()) + 2) / 3}].push_back(
            telling
        );
    }
    std::vector<ReportLine> out;
    for (const auto& [quarter, tellings] : quarters) {
        auto line = overview(tellings);
        line.text =
            fmt::format("Q{} {}: {}", quarter.second, quarter.first, lower_first(line.text));
        line.text.pop_back();
        if (auto busiest = busiest_projects(tellings); !busiest.empty())
            line.text += "; most of it in " + join_with_and(busiest);
        line.computed.push_back(fmt::format("Q{}", quarter.second));
        line.computed.push_back(fmt::format("{}", quarter.first));
        out.push_back(std::move(line));
    }
    return out;
}

OutlookLines outlook_lines(std::span<const LoggedEntry> entries, std::size_t most) {
    OutlookLines out;
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        if (is_learning_note(
                {entry->title, entry->content, entry->outcome, entry->tags, entry->date}
            ))
            continue;
        auto plain = plain_text(entry->content).text;
        for (const auto& span : sentences(plain)) {
            auto sentence = plain.substr(span.start, span.end - span.start);
            auto kind = outlook_of(sentence);
            if (kind == Outlook::done) continue;
            auto& lines = kind == Outlook::next ? out.next : out.blocked;
            if (lines.size() < most) lines.push_back({outlook_text(sentence), {entry->id}, {}});
        }
    }
    return out;
}

}  // namespace afterresume::agents
