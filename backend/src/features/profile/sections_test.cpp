#include "features/profile/testing.h"

#include <gmock/gmock.h>

namespace afterresume::profile {
namespace {

using testing::ElementsAre;

class ProfileSections : public OnProfiles {
protected:
    std::vector<std::string> skills(const Scope& scope) {
        std::vector<std::string> names;
        for (auto& skill : list<Skill>(scope).items) names.push_back(skill.name.value());
        return names;
    }
    template <class T>
    void remove(const Scope& scope, Match seen, Id<T> id) {
        in_transaction(scope, sql::Access::write, [&](sql::Tx& tx) {
            return sections.remove<T>(tx, scope, seen, id);
        });
    }
};
INSTANTIATE_TEST_SUITE_P(Databases, ProfileSections, sql::both_databases(), sql::dialect_name);

TEST_P(ProfileSections, GiveBackWhatWasAdded) {
    auto position = a_position("Globex", "Engineer", "2021-04", "2024");
    position.highlights = {"Cut p99 from 900 ms to 120 ms"};
    position.extra["team"] = 7;

    auto added = add(ada(), position);

    auto found = read(ada(), added.id);
    EXPECT_EQ(found.name, "Globex");
    EXPECT_EQ(found.end_date->text(), "2024");
    EXPECT_EQ(found.highlights, position.highlights);
    EXPECT_EQ(found.extra, position.extra);
    EXPECT_EQ(found.version, 1);
    EXPECT_EQ(found.created_at, clock.now());
    EXPECT_THAT(recorded, ElementsAre(R"(profile.changed {"part":"work"})"));
}

TEST_P(ProfileSections, StandInTheOrderOfThePerson) {
    add(ada(), a_skill("Go"));
    add(ada(), a_skill("C++"));
    add(ada(), a_skill("SQL"), 0);
    add(ada(), a_skill("Rust"), 2);

    EXPECT_THAT(skills(ada()), ElementsAre("SQL", "Go", "Rust", "C++"));
}

TEST_P(ProfileSections, MoveAnItemToItsNewPlace) {
    for (auto* name : {"a", "b", "c", "d"}) add(ada(), a_skill(name));
    auto last = list<Skill>(ada()).items.back();
    auto first = list<Skill>(ada()).items.front();

    change(ada(), Match{1}, last.id, R"({"place":1})");
    auto moved = change(ada(), Match{1}, first.id, R"({"place":500})");

    EXPECT_THAT(skills(ada()), ElementsAre("d", "b", "c", "a"));
    EXPECT_EQ(moved.version, 2);
    EXPECT_EQ(read(ada(), list<Skill>(ada()).items[1].id).version, 1);
}

TEST_P(ProfileSections, KeepTheirOrderAfterADeletion) {
    for (auto* name : {"a", "b", "c"}) add(ada(), a_skill(name));

    remove(ada(), Match{1}, list<Skill>(ada()).items[1].id);
    add(ada(), a_skill("d"));
    add(ada(), a_skill("e"), 1);

    EXPECT_THAT(skills(ada()), ElementsAre("a", "e", "c", "d"));
}

TEST_P(ProfileSections, ComeInPages) {
    for (auto* name : {"a", "b", "c"}) add(ada(), a_skill(name));

    auto first = list<Skill>(ada(), {2, {}});
    auto second = list<Skill>(ada(), {2, first.next_cursor});

    EXPECT_EQ(first.items.size(), 2U);
    ASSERT_EQ(second.items.size(), 1U);
    EXPECT_EQ(second.items[0].name, "c");
    EXPECT_FALSE(second.next_cursor);
}

TEST_P(ProfileSections, RefuseACursorOfNoPage) {
    for (auto* cursor : {"", "x", "-1", "1x", "99999999999999999999"}) {
        EXPECT_EQ(error_of([&] { list<Skill>(ada(), {2, cursor}); }).kind(), ErrorKind::invalid)
            << cursor;
    }
}

TEST_P(ProfileSections, ChangeTheFieldsThatAreNamed) {
    auto added = add(ada(), a_position("Globex", "Engineer", "2021-04", "2024"));
    clock.advance(std::chrono::hours(1));

    auto changed =
        change(ada(), Match{1}, added.id, R"({"end_date":null,"highlights":["Led three people"]})");

    EXPECT_EQ(changed.name, "Globex");
    EXPECT_FALSE(changed.end_date);
    EXPECT_THAT(changed.highlights, ElementsAre("Led three people"));
    EXPECT_EQ(changed.version, 2);
    EXPECT_EQ(read(ada(), added.id).updated_at, clock.now());
    EXPECT_EQ(read(ada(), added.id).created_at, added.created_at);
}

TEST_P(ProfileSections, RefuseAChangeOfWhatTheWriterHasNotSeen) {
    auto added = add(ada(), a_skill("Go"));
    change(ada(), Match{1}, added.id, R"({"level":"Master"})");

    EXPECT_EQ(
        error_of([&] { change(ada(), Match{1}, added.id, R"({"level":"Novice"})"); }).kind(),
        ErrorKind::precondition
    );
    EXPECT_EQ(error_of([&] { remove(ada(), Match{1}, added.id); }).kind(), ErrorKind::precondition);
    EXPECT_EQ(read(ada(), added.id).level, "Master");
}

TEST_P(ProfileSections, RefuseWhatASectionDoesNotKnow) {
    auto added = add(ada(), a_position("Globex", "Engineer", "2021-04"));

    auto error = error_of([&] {
        change(ada(), {}, added.id, R"({"start_date":"2021-02-30","salary":1,"place":-1})");
    });

    std::vector<std::string> pointers;
    for (auto& field : error.fields()) pointers.push_back(field.pointer);
    EXPECT_THAT(pointers, testing::UnorderedElementsAre("/start_date", "/salary", "/place"));
}

TEST_P(ProfileSections, DoNotShowTheItemsOfAnother) {
    auto award = add(ada(), Award{});

    EXPECT_EQ(
        error_of([&] { read(ada(), Id<Position>{award.id.value}); }).kind(), ErrorKind::not_found
    );
    EXPECT_EQ(
        error_of([&] { remove(ada(), {}, Id<Skill>{award.id.value}); }).kind(), ErrorKind::not_found
    );
    EXPECT_EQ(read(ada(), award.id).id, award.id);
}

TEST_P(ProfileSections, AreUnknownToEverybodyElse) {
    auto added = add(ada(), a_skill("Go"));

    for (const auto* other : {&bob(), &colleague()}) {
        EXPECT_EQ(error_of([&] { read(*other, added.id); }).kind(), ErrorKind::not_found);
        EXPECT_EQ(
            error_of([&] { change(*other, {}, added.id, R"({"name":"Stolen"})"); }).kind(),
            ErrorKind::not_found
        );
        EXPECT_EQ(error_of([&] { remove(*other, {}, added.id); }).kind(), ErrorKind::not_found);
        EXPECT_TRUE(list<Skill>(*other).items.empty());
    }
    EXPECT_EQ(read(ada(), added.id).name, "Go");
}

TEST_P(ProfileSections, HoldSoMuchAndNoMore) {
    boost::json::array skills(most_items, JsonObject{{"name", "C"}});
    import(ada(), JsonObject{{"skills", skills}});

    auto error = error_of([&] { add(ada(), a_skill("One too many")); });

    EXPECT_EQ(error.code(), "profile.section_full");
    EXPECT_EQ(profile_of(ada()).skills.size(), most_items);
}

}  // namespace
}  // namespace afterresume::profile
