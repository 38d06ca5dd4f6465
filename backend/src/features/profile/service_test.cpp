#include "features/profile/testing.h"

#include <gmock/gmock.h>

namespace afterresume::profile {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::Optional;

constexpr auto two_jobs = R"({
    "basics": {"name": "Ada", "profiles": [], "location": {"city": "Berlin", "geo": [1, 2.5]}},
    "work": [{"name": "Globex", "position": "Engineer", "startDate": "2021-04"}, {"name": "Initech", "startDate": "2018", "endDate": "2021-03", "x": {"y": []}}],
    "projects": [{"name": "Loader", "startDate": "2022"}],
    "skills": [{"name": "C++"}], "awards": [], "meta": {"theme": "plain"}, "x-own": {"b": 1, "a": [true, null]}})";

class ProfileService : public OnProfiles {
protected:
    Overview overview(const Scope& scope) {
        return in_transaction(scope, sql::Access::read, [&](sql::Tx& tx) {
            return profiles.overview(tx, scope);
        });
    }
    Overview change_basics(const Scope& scope, Match seen, const char* json) {
        auto fields = describe::parse<JsonObject>(json);
        return in_transaction(scope, sql::Access::write, [&](sql::Tx& tx) {
            return profiles.change_basics(tx, scope, seen, fields);
        });
    }
    std::optional<Id<Position>> position_at(const Scope& scope, LocalDate day) {
        return in_transaction(scope, sql::Access::read, [&](sql::Tx& tx) {
            return profiles.position_at(tx, scope, day);
        });
    }
    std::optional<Id<Project>> project_at(const Scope& scope, LocalDate day) {
        return in_transaction(scope, sql::Access::read, [&](sql::Tx& tx) {
            return profiles.project_at(tx, scope, day);
        });
    }
};
INSTANTIATE_TEST_SUITE_P(Databases, ProfileService, sql::both_databases(), sql::dialect_name);

TEST_P(ProfileService, BeginsEmpty) {
    auto seen = overview(ada());

    EXPECT_EQ(seen.version, 1);
    EXPECT_EQ(seen.counts.size(), all_sections.size());
    EXPECT_EQ(seen.counts.at("work"), 0);
    EXPECT_EQ(exported(ada()), Json(JsonObject()));
}

TEST_P(ProfileService, ExportsWhatItImported) {
    auto document = describe::parse_json(two_jobs);

    import(ada(), document);

    EXPECT_EQ(exported(ada()), document);
    EXPECT_EQ(overview(ada()).counts.at("work"), 2);
    EXPECT_THAT(recorded, ElementsAre(R"(profile.changed {"part":"resume"})"));
}

TEST_P(ProfileService, ReplacesTheWholeProfile) {
    auto document = describe::parse_json(R"({"languages":[{"language":"Latin"}]})");
    import(ada(), describe::parse_json(two_jobs));

    import(ada(), document);

    EXPECT_EQ(exported(ada()), document);
}

TEST_P(ProfileService, KeepsTheIdsOfWhatItRecognises) {
    import(ada(), describe::parse_json(two_jobs));
    auto before = profile_of(ada());

    import(ada(), describe::parse_json(R"({
        "work": [{"name": "Initech", "startDate": "2018", "endDate": "2021-02"}, {"name": "Hooli", "startDate": "2026"},
                 {"name": "Globex", "position": "Engineer", "startDate": "2021-04"}],
        "projects": [{"name": "Loader", "startDate": "2022", "description": "Faster"}],
        "skills": [{"name": "C++"}]})"));

    auto after = profile_of(ada());
    ASSERT_EQ(after.work.size(), 3U);
    EXPECT_EQ(after.work[0].id, before.work[1].id);
    EXPECT_EQ(after.work[0].version, 2);
    EXPECT_EQ(after.work[0].end_date->text(), "2021-02");
    EXPECT_EQ(after.work[2].id, before.work[0].id);
    EXPECT_EQ(after.work[2].version, 1);
    EXPECT_EQ(after.projects.at(0).id, before.projects[0].id);
    EXPECT_EQ(after.skills.at(0).id, before.skills[0].id);
}

TEST_P(ProfileService, ShowsAProfileToNobodyElse) {
    import(ada(), describe::parse_json(two_jobs));

    for (const auto* other : {&bob(), &colleague()}) {
        EXPECT_EQ(exported(*other), Json(JsonObject()));
        EXPECT_TRUE(profile_of(*other).work.empty());
        EXPECT_EQ(overview(*other).counts.at("work"), 0);
        EXPECT_THAT(position_at(*other, LocalDate(2021, 5, 1)), Eq(std::nullopt));
    }
}

TEST_P(ProfileService, LeavesOthersAloneWhenItReplaces) {
    auto document = describe::parse_json(two_jobs);
    import(ada(), document);

    import(colleague(), describe::parse_json(R"({"basics":{"name":"Grace"}})"));
    import(bob(), describe::parse_json("{}"));

    EXPECT_EQ(exported(ada()), document);
}

TEST_P(ProfileService, RefusesToOverwriteWhatTheWriterHasNotSeen) {
    import(ada(), describe::parse_json(two_jobs), Match{1});
    auto seen = overview(ada()).version;
    add(ada(), a_skill("Go"));

    auto error = error_of([&] { import(ada(), describe::parse_json("{}"), Match{seen}); });

    EXPECT_EQ(error.kind(), ErrorKind::precondition);
    EXPECT_EQ(profile_of(ada()).skills.size(), 2U);
}

TEST_P(ProfileService, StoresNothingOfABrokenDocument) {
    auto document = describe::parse_json(two_jobs);
    import(ada(), document);

    auto error = error_of([&] {
        import(
            ada(), describe::parse_json(R"({"basics":{"name":"X"},"work":[{"startDate":"soon"}]})")
        );
    });

    EXPECT_EQ(error.kind(), ErrorKind::invalid);
    EXPECT_EQ(exported(ada()), document);
}

TEST_P(ProfileService, ChangesTheFieldsThatAreNamed) {
    import(ada(), describe::parse_json(two_jobs));
    recorded.clear();

    auto changed = change_basics(
        ada(), Match{overview(ada()).version}, R"({"label":"Engineer","location":null})"
    );

    EXPECT_EQ(changed.name, "Ada");
    EXPECT_EQ(changed.label, "Engineer");
    EXPECT_FALSE(changed.location);
    EXPECT_EQ(changed.version, 3);
    EXPECT_THAT(recorded, ElementsAre(R"(profile.changed {"part":"basics"})"));
}

TEST_P(ProfileService, RefusesToChangeWhatTheWriterHasNotSeen) {
    change_basics(ada(), Match{1}, R"({"name":"Ada"})");

    auto error = error_of([&] { change_basics(ada(), Match{1}, R"({"name":"Eve"})"); });

    EXPECT_EQ(error.kind(), ErrorKind::precondition);
    EXPECT_EQ(overview(ada()).name, "Ada");
}

TEST_P(ProfileService, RefusesFieldsThatBasicsDoNotHave) {
    auto error = error_of([&] { change_basics(ada(), {}, R"({"nickname":"A","name":7})"); });

    EXPECT_THAT(error.fields(), testing::SizeIs(2));
}

TEST_P(ProfileService, RefusesNulInFieldsItDoesNotKnow) {
    auto error = error_of([&] { change_basics(ada(), {}, R"({"extra":{"a":"\u0000"}})"); });

    EXPECT_THAT(error.fields(), ElementsAre(testing::Field(&FieldError::pointer, "/extra/a")));
}

TEST_P(ProfileService, FindsPositionAndProjectOfADay) {
    import(ada(), describe::parse_json(two_jobs));
    auto profile = profile_of(ada());

    EXPECT_THAT(position_at(ada(), LocalDate(2020, 6, 1)), Optional(profile.work[1].id));
    EXPECT_THAT(position_at(ada(), LocalDate(2023, 6, 1)), Optional(profile.work[0].id));
    EXPECT_THAT(project_at(ada(), LocalDate(2023, 6, 1)), Optional(profile.projects[0].id));
    EXPECT_THAT(project_at(ada(), LocalDate(2020, 6, 1)), Eq(std::nullopt));
}

}  // namespace
}  // namespace afterresume::profile
