#include "ai/agents/skill_level.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace afterresume::agents {

namespace {

constexpr double half_life_days = 540;
constexpr double outcome_bonus = 1.5;
constexpr std::array thresholds{0.3, 2.0, 6.0, 15.0, 35.0};
constexpr std::array<std::size_t, 5> months_needed{0, 0, 0, 3, 6};

struct Day {
    double confidence = 0;
    bool outcome = false;
};

std::int64_t level_of(double score, std::size_t months) {
    std::int64_t level = 0;
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
        if (score >= thresholds[i] && months >= months_needed[i])
            level = static_cast<std::int64_t>(i) + 1;
    }
    return level;
}

std::string plural(std::size_t count, std::string_view one) {
    return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::vector<std::string> reasons(
    const SkillLevel& level, const std::map<LocalDate, Day>& days, std::size_t outcomes
) {
    std::vector<std::string> why;
    why.push_back(fmt::format(
        "Shown on {} in {}, last on {}.", plural(days.size(), "day"),
        plural(level.trend.size(), "month"), days.rbegin()->first.text()
    ));
    if (outcomes > 0)
        why.push_back(fmt::format(
            "{} with an outcome.", outcomes == 1 ? "1 entry" : fmt::format("{} entries", outcomes)
        ));
    why.push_back(fmt::format(
        "Score {:.1f}; older evidence weighs half after {} days.", level.score, half_life_days
    ));
    if (level.level < 5) {
        auto next = static_cast<std::size_t>(level.level);
        bool months_missing = level.score >= thresholds[next];
        why.push_back(
            months_missing
                ? fmt::format(
                      "Level {} asks for use in {} different months.", next + 1, months_needed[next]
                  )
                : fmt::format("Level {} begins at {:.1f}.", next + 1, thresholds[next])
        );
    }
    return why;
}

}  // namespace

SkillLevel skill_level(const std::vector<SkillUse>& uses, LocalDate today) {
    std::map<LocalDate, Day> days;
    std::map<std::string, std::int64_t> months;
    std::size_t outcomes = 0;
    for (const auto& use : uses) {
        auto& day = days[use.date];
        day.confidence = std::max(day.confidence, std::clamp(use.confidence, 0.0, 1.0));
        day.outcome = day.outcome || use.outcome;
        ++months[use.date.text().substr(0, 7)];
        if (use.outcome) ++outcomes;
    }
    SkillLevel out;
    for (const auto& [date, day] : days) {
        auto age = std::max(0, today.days() - date.days());
        out.score +=
            day.confidence * std::exp2(-age / half_life_days) * (day.outcome ? outcome_bonus : 1);
    }
    for (const auto& [month, count] : months) out.trend.push_back({month, count});
    out.level = level_of(out.score, months.size());
    out.why =
        days.empty() ? std::vector<std::string>{"No evidence yet."} : reasons(out, days, outcomes);
    return out;
}

}  // namespace afterresume::agents
