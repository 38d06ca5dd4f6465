#include "features/sharing/testing.h"

#include "core/testing.h"
#include "infra/single_use/testing.h"

#include <gmock/gmock.h>

namespace afterresume::sharing {
namespace {

using namespace std::chrono_literals;
using sql::named;
using testing::ElementsAre;
using testing::Pair;
using testing::SizeIs;

class Following : public SharingTest {
protected:
    MadeShare make_limited(std::int64_t most_views) {
        auto wanted = of(store_line("Sold a pump"));
        wanted.most_views = most_views;
        return make(wanted);
    }
    MadeShare make_locked() {
        auto wanted = of(store_line("Sold a pump"));
        wanted.password = "open sesame";
        return make(wanted);
    }
    std::string shown(const std::string& token) {
        auto opened = open(token);
        if (opened.outcome != Outcome::opened) return "nothing";
        return opened.report->sections.at(0).lines.at(0).text;
    }
    void end_at(Timestamp time) {
        static constexpr sql::Statement statement{
            "test.expiry", "UPDATE share_link SET expires_at = :at WHERE tenant_id = :tenant_id"
        };
        sql::Arguments at;
        at.add(named("at", time));
        execute(statement, std::move(at));
    }
    void remove(Id<reporting::Report> id) { home->run(removed(id)); }
    Task<void> removed(Id<reporting::Report> id) {
        auto tx = home->database().begin(ada, sql::Access::write);
        co_await reports.remove(*tx, ada, id, {});
        co_await tx->commit();
    }
    Task<void> open_at(std::string token, single_use::Barrier& barrier) {
        co_await barrier.arrive();
        auto opened = co_await opening->open(token, std::nullopt, Uuid::random());
        if (opened.outcome != Outcome::opened)
            throw Error(ErrorKind::not_found, "test.nothing", "There is nothing here.");
    }
    std::string refusal(const std::string& token, std::string password) {
        return code_of([&] { open(token, std::move(password)); });
    }
};

INSTANTIATE_TEST_SUITE_P(Databases, Following, sql::both_databases(), sql::dialect_name);

TEST_P(Following, ShowsTheLatestVersionUnlessPinned) {
    auto first = store_line("Sold a pump");
    auto wanted = of(first);
    auto latest = make(wanted);
    wanted.pinned = true;
    auto pinned = make(wanted);

    store_line("Sold two pumps");

    EXPECT_EQ(shown(latest.token), "Sold two pumps");
    EXPECT_EQ(shown(pinned.token), "Sold a pump");
}

TEST_P(Following, KeepsTheTimeOfEachViewAndNothingElse) {
    auto made = make(of(store_line("Sold a pump")));
    open(made.token);
    clock.advance(1min);
    open(made.token);

    auto seen = views(made.share.id);

    ASSERT_THAT(seen.items, SizeIs(2));
    EXPECT_EQ(seen.items[0].viewed_at - seen.items[1].viewed_at, 1min);
    EXPECT_EQ(list().items.front().views, 2);
}

TEST_P(Following, LeadsNowhereByAMadeUpToken) {
    make(of(store_line("Sold a pump")));

    EXPECT_EQ(shown(""), "nothing");
    EXPECT_EQ(shown(std::string(43, 'A')), "nothing");
    EXPECT_EQ(shown(std::string(100'000, 'A')), "nothing");
}

TEST_P(Following, EndsWhenTheLinkIsRevoked) {
    auto made = make(of(store_line("Sold a pump")));
    ASSERT_EQ(shown(made.token), "Sold a pump");

    revoke(made.share.id);

    EXPECT_EQ(shown(made.token), "nothing");
}

TEST_P(Following, EndsAtTheTimeOfTheDatabaseWhateverTheProcessBelieves) {
    auto made = make(of(store_line("Sold a pump")));
    auto end = SystemClock().now() + 300ms;
    end_at(end);
    clock.advance(-24h);

    auto last_begun = SystemClock().now();
    auto begun = last_begun;
    while (shown(made.token) != "nothing") {
        last_begun = begun;
        begun = SystemClock().now();
    }
    auto ended = SystemClock().now();

    // SQLite's own clock is rounded to a millisecond.
    EXPECT_LE(last_begun, end + 2ms);
    EXPECT_GE(ended, end - 2ms);
}

TEST_P(Following, EndsWithTheReport) {
    auto first = store_line("Sold a pump");
    auto second = store_line("Sold two pumps");
    auto wanted = of(first);
    auto latest = make(wanted);
    wanted.pinned = true;
    auto pinned = make(wanted);

    remove(first);
    EXPECT_EQ(shown(pinned.token), "nothing");
    EXPECT_EQ(shown(latest.token), "Sold two pumps");
    remove(second);
    EXPECT_EQ(shown(latest.token), "nothing");
}

struct Loss {
    std::string sentence;
    sql::Statement taken;
    sql::Statement given;
};

TEST_P(Following, EndsWithTheRightItCameFrom) {
    auto made = make(of(store_line("Sold a pump")));
    const std::vector<Loss> losses{
        {"suspended member",
         {"test.s", "UPDATE membership SET status = 'suspended' WHERE tenant_id = :tenant_id"},
         {"test.a", "UPDATE membership SET status = 'active' WHERE tenant_id = :tenant_id"}},
        {"no right to write",
         {"test.r", "UPDATE membership SET role = 'read_only' WHERE tenant_id = :tenant_id"},
         {"test.m", "UPDATE membership SET role = 'member' WHERE tenant_id = :tenant_id"}},
        {"joined anew",
         {"test.j",
          "UPDATE membership SET created_at = created_at + interval '1 hour' WHERE tenant_id = "
          ":tenant_id",
          "UPDATE membership SET created_at = created_at + 3600000 WHERE tenant_id = :tenant_id"},
         {"test.k",
          "UPDATE membership SET created_at = created_at - interval '1 hour' WHERE tenant_id = "
          ":tenant_id",
          "UPDATE membership SET created_at = created_at - 3600000 WHERE tenant_id = :tenant_id"}},
        {"closed tenant",
         {"test.c", "UPDATE tenant SET status = 'suspended' WHERE id = :tenant_id"},
         {"test.o", "UPDATE tenant SET status = 'active' WHERE id = :tenant_id"}},
        {"disabled account",
         {"test.d", "UPDATE app_user SET is_active = FALSE WHERE id = :user_id"},
         {"test.e", "UPDATE app_user SET is_active = TRUE WHERE id = :user_id"}},
        {"removed member",
         {"test.x", "DELETE FROM membership WHERE tenant_id = :tenant_id"},
         {"test.y", "SELECT 1"}},
    };
    for (const auto& loss : losses) {
        ASSERT_EQ(shown(made.token), "Sold a pump") << "before: " << loss.sentence;
        execute(loss.taken);
        EXPECT_EQ(shown(made.token), "nothing") << loss.sentence;
        execute(loss.given);
    }
}

TEST_P(Following, EndsWhereSharingIsSwitchedOffAndGoesOnAfterwards) {
    auto made = make(of(store_line("Sold a pump")));

    is_off = true;
    EXPECT_EQ(shown(made.token), "nothing");
    is_off = false;
    EXPECT_EQ(shown(made.token), "Sold a pump");
}

TEST_P(Following, CountsNoMoreViewsThanMayBeHoweverManyComeAtOnce) {
    auto wanted = of(store_line("Sold a pump"));
    for (int round = 0; round < single_use::rounds(); ++round) {
        const int most = round % 2 == 0 ? 1 : 10;
        wanted.most_views = most;
        auto made = make(wanted);

        auto ends = single_use::at_once(*home, [&](single_use::Barrier& barrier) {
            return open_at(made.token, barrier);
        });

        ASSERT_THAT(
            ends, ElementsAre(Pair("done", most), Pair("test.nothing", single_use::many - most))
        );
        ASSERT_THAT(views(made.share.id).items, SizeIs(most));
        ASSERT_EQ(list().items.front().views, most);
        ASSERT_EQ(shown(made.token), "nothing");
    }
}

TEST_P(Following, ShowsAtOnceWhatItsMakerChanged) {
    auto made = make_limited(1);
    ASSERT_EQ(shown(made.token), "Sold a pump");
    ASSERT_EQ(shown(made.token), "nothing");
    EditShare more;
    more.most_views = {true, 2};
    edit(made.share.id, more);

    EXPECT_EQ(shown(made.token), "Sold a pump");
    EXPECT_EQ(shown(made.token), "nothing");
}

TEST_P(Following, ShowsAMachineNothingOfWhatMayBeSeenSoManyTimesOnly) {
    auto limited = make_limited(1);
    auto unlimited = make(of(store_line("Sold a pump")));

    auto door = look(limited.token, Counting::view_unless_limited);
    auto page = look(unlimited.token, Counting::view_unless_limited);

    EXPECT_EQ(door.outcome, Outcome::opened);
    EXPECT_TRUE(door.limited);
    EXPECT_FALSE(door.report.has_value());
    EXPECT_TRUE(page.report.has_value());
    EXPECT_FALSE(page.limited);
    EXPECT_THAT(views(limited.share.id).items, SizeIs(0));
    EXPECT_THAT(views(unlimited.share.id).items, SizeIs(1));
    EXPECT_EQ(shown(limited.token), "Sold a pump");
    EXPECT_EQ(look(limited.token, Counting::view_unless_limited).outcome, Outcome::nothing);
}

TEST_P(Following, CountsNothingThatNobodyIsShown) {
    auto limited = make_limited(1);
    auto locked = make_locked();

    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(look(limited.token, Counting::nothing).outcome, Outcome::opened);

    EXPECT_EQ(look(locked.token, Counting::nothing).outcome, Outcome::locked);
    EXPECT_THAT(views(limited.share.id).items, SizeIs(0));
    EXPECT_EQ(shown(limited.token), "Sold a pump");
    EXPECT_EQ(look(limited.token, Counting::nothing).outcome, Outcome::nothing);
}

TEST_P(Following, AsksForThePasswordAndCountsNoViewWithoutIt) {
    auto made = make_locked();

    EXPECT_EQ(open(made.token).outcome, Outcome::locked);
    EXPECT_EQ(open(made.token, "open barley").outcome, Outcome::locked);
    EXPECT_EQ(list().items.front().views, 0);
    EXPECT_EQ(open(made.token, "open sesame").outcome, Outcome::opened);
    EXPECT_EQ(list().items.front().views, 1);
}

TEST_P(Following, StopsGuessesOfThePasswordForAWhile) {
    auto made = make_locked();
    for (int i = 0; i < 10; ++i) ASSERT_EQ(refusal(made.token, "open barley"), "none");

    EXPECT_EQ(refusal(made.token, "open sesame"), "accounts.locked");
    clock.advance(15min);
    EXPECT_EQ(open(made.token, "open sesame").outcome, Outcome::opened);
}

TEST_P(Following, TellsNobodyThatADeadLinkHadAPassword) {
    auto made = make_locked();
    revoke(made.share.id);

    EXPECT_EQ(open(made.token).outcome, Outcome::nothing);
    EXPECT_EQ(open(made.token, "open sesame").outcome, Outcome::nothing);
}

}  // namespace
}  // namespace afterresume::sharing
