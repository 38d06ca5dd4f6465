// The level of a skill, 0 to 5, from its dated evidence, with the reasons. Pure; "today" is an
// argument.
#pragma once

#include "core/clock.h"

#include <boost/describe.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace afterresume::agents {

struct SkillUse {
    LocalDate date;
    double confidence = 1;  // 0 to 1
    bool outcome = false;   // the entry tells a result
};
BOOST_DESCRIBE_STRUCT(SkillUse, (), (date, confidence, outcome))

struct MonthCount {
    std::string month;  // 2026-03
    std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(MonthCount, (), (month, count))

struct SkillLevel {
    std::int64_t level = 0;  // 0 unproven, 1 touched, 2 used, 3 practised, 4 strong, 5 expert
    double score = 0;
    std::vector<std::string> why;  // sentences with the figures
    std::vector<MonthCount>
        trend;  // by month of use, oldest first; months without use are left out
};
BOOST_DESCRIBE_STRUCT(SkillLevel, (), (level, score, why, trend))

// score = Σ over distinct days of best confidence of the day · 2^(-age/540 days) · (1.5 when any of
// the day's uses tells an outcome). A day counts once, however many entries it has; a future date
// counts as today. Level 1 from 0.3, 2 from 2, 3 from 6, 4 from 15, 5 from 35; levels 4 and 5 ask
// for uses in at least 3 and 6 different months.
SkillLevel skill_level(const std::vector<SkillUse>& uses, LocalDate today);

}  // namespace afterresume::agents
