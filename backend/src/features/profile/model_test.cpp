#include "features/profile/testing.h"

#include <gmock/gmock.h>

namespace afterresume::profile {
namespace {

using testing::Eq;
using testing::Optional;

Item<Position> numbered(std::int64_t id, Position position) {
    return {std::move(position), Id<Position>{id}, 1, {}, {}};
}

TEST(Timeline, KnowsThePositionOfADay) {
    Timeline timeline;
    timeline.work = {
        numbered(1, a_position("Globex", "Engineer", "2021-04")),
        numbered(2, a_position("Initech", "Developer", "2018", "2021-03"))
    };

    EXPECT_THAT(timeline.position_at(LocalDate(2021, 4, 1)), Optional(Id<Position>{1}));
    EXPECT_THAT(timeline.position_at(LocalDate(2021, 3, 31)), Optional(Id<Position>{2}));
    EXPECT_THAT(timeline.position_at(LocalDate(2018, 1, 1)), Optional(Id<Position>{2}));
    EXPECT_THAT(timeline.position_at(LocalDate(2017, 12, 31)), Eq(std::nullopt));
}

TEST(Timeline, PrefersThePositionThatBeganLast) {
    Timeline timeline;
    timeline.work = {
        numbered(1, a_position("Globex", "Engineer", "2020")),
        numbered(2, a_position("Globex", "Lead", "2022")),
        numbered(3, a_position("Evening School", "Teacher", "2022"))
    };

    EXPECT_THAT(timeline.position_at(LocalDate(2023, 5, 5)), Optional(Id<Position>{2}));
    EXPECT_THAT(timeline.position_at(LocalDate(2021, 5, 5)), Optional(Id<Position>{1}));
}

TEST(Timeline, TakesNothingWithoutAStart) {
    Timeline timeline;
    Position undated;
    undated.name = "Globex";
    timeline.work = {numbered(1, undated)};

    EXPECT_THAT(timeline.position_at(LocalDate(2023, 5, 5)), Eq(std::nullopt));
}

TEST(Timeline, KnowsTheProjectOfADay) {
    Timeline timeline;
    Item<Project> project;
    project.id = Id<Project>{7};
    project.start_date = PartialDate::parse("2024-05");
    project.end_date = PartialDate::parse("2024");
    timeline.projects = {project};

    EXPECT_THAT(timeline.project_at(LocalDate(2024, 12, 31)), Optional(Id<Project>{7}));
    EXPECT_THAT(timeline.project_at(LocalDate(2025, 1, 1)), Eq(std::nullopt));
}

}  // namespace
}  // namespace afterresume::profile
