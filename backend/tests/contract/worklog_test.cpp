#include "fixture.h"

#include <fmt/format.h>

#include <set>

namespace afterresume::contract {

namespace {

std::string entry(const std::string& content, const std::string& day) {
    return fmt::format(R"({{"content":"{}","occurred_on":"{}"}})", content, day);
}

}  // namespace

class Worklog : public ProgramTest {
protected:
    Answer write(Actor as, const std::string& content, const std::string& day) {
        return call("POST", "/api/worklogs/", as, entry(content, day));
    }
    // Every content of a list, page by page.
    std::vector<std::string> contents(Actor as, const std::string& query) {
        std::vector<std::string> out;
        std::string cursor;
        do {
            auto page = call(
                "GET", "/api/worklogs/?" + query + (cursor.empty() ? "" : "&cursor=" + cursor), as
            );
            for (std::size_t i = 0; i < page.count("/items"); ++i)
                out.push_back(page.text(fmt::format("/items/{}/content", i)));
            cursor = page.at("/next_cursor").is_string() ? page.text("/next_cursor") : "";
        } while (!cursor.empty());
        return out;
    }
};

TEST_P(Worklog, GivesBackWhatWasWritten) {
    auto written = call(
        "POST", "/api/worklogs/", ada,
        R"({"content":"Cut build time.","title":"Build","outcome":"From 9 to 4 minutes","project":"CI","tags":["cmake"],"duration_minutes":90,"occurred_on":"2026-01-05"})"
    );
    auto read = call("GET", written.header("Location"), ada);

    EXPECT_EQ(written.status, 201);
    EXPECT_EQ(read.text("/content"), "Cut build time.");
    EXPECT_EQ(read.text("/title"), "Build");
    EXPECT_EQ(read.text("/outcome"), "From 9 to 4 minutes");
    EXPECT_EQ(read.text("/project"), "CI");
    EXPECT_EQ(read.text("/tags/0"), "cmake");
    EXPECT_EQ(read.number("/duration_minutes"), 90);
    EXPECT_EQ(read.text("/occurred_on"), "2026-01-05");
    EXPECT_EQ(read.text("/visibility"), "private");
    EXPECT_EQ(written.count("/job_ids"), 1U);
}

TEST_P(Worklog, PagesShowEachEntryOnceWhileOthersAreWritten) {
    for (int day = 1; day <= 9; ++day)
        write(bob, fmt::format("Day {}", day), fmt::format("2026-02-0{}", day));

    auto first = call("GET", "/api/worklogs/?page_size=4&from=2026-02-01&to=2026-02-28", bob);
    write(bob, "Day 10", "2026-02-10");
    auto second = call(
        "GET",
        "/api/worklogs/?page_size=4&from=2026-02-01&to=2026-02-28&cursor=" +
            first.text("/next_cursor"),
        bob
    );
    auto third = call(
        "GET",
        "/api/worklogs/?page_size=4&from=2026-02-01&to=2026-02-28&cursor=" +
            second.text("/next_cursor"),
        bob
    );

    EXPECT_EQ(first.text("/items/0/content"), "Day 9");
    EXPECT_EQ(first.text("/items/3/content"), "Day 6");
    EXPECT_EQ(second.text("/items/0/content"), "Day 5");
    EXPECT_EQ(second.text("/items/3/content"), "Day 2");
    EXPECT_EQ(third.text("/items/0/content"), "Day 1");
    EXPECT_TRUE(third.at("/next_cursor").is_null());
}

TEST_P(Worklog, PagesOfOneDayKeepTheirOrder) {
    std::vector<std::string> expected;
    for (int i = 0; i < 7; ++i) write(bob, fmt::format("Same day {}", i), "2025-11-11");
    for (int i = 6; i >= 0; --i) expected.push_back(fmt::format("Same day {}", i));

    EXPECT_EQ(contents(bob, "page_size=2&from=2025-11-11&to=2025-11-11"), expected);
}

TEST_P(Worklog, FindsByTagProjectAndSource) {
    call(
        "POST", "/api/worklogs/", bob,
        R"({"content":"Tagged","tags":["x","100%"],"project":"Apollo","source":"cli","occurred_on":"2025-10-01"})"
    );
    write(bob, "Bare", "2025-10-02");

    EXPECT_THAT(contents(bob, "tag=100%25"), testing::ElementsAre("Tagged"));
    EXPECT_THAT(contents(bob, "project=Apollo"), testing::ElementsAre("Tagged"));
    EXPECT_THAT(contents(bob, "source=cli&from=2025-10-01"), testing::ElementsAre("Tagged"));
    EXPECT_THAT(contents(bob, "tag=none"), testing::IsEmpty());
}

TEST_P(Worklog, SearchFindsWordsInAnyFormAndSaysWhere) {
    write(bob, "Migrated the billing databases.", "2025-09-01");
    write(bob, "Billing meeting.", "2025-09-02");

    auto found = call("GET", "/api/worklogs/?q=database%20BILLING", bob);

    ASSERT_EQ(found.count("/items"), 1U) << found.body;
    auto content = found.text("/items/0/content");
    ASSERT_EQ(found.count("/items/0/highlights"), 2U);
    auto word = [&](int i) {
        auto start =
            static_cast<std::size_t>(found.number(fmt::format("/items/0/highlights/{}/start", i)));
        auto end =
            static_cast<std::size_t>(found.number(fmt::format("/items/0/highlights/{}/end", i)));
        return content.substr(start, end - start);
    };
    EXPECT_EQ(word(0), "billing");
    EXPECT_EQ(word(1), "databases");
}

TEST_P(Worklog, SearchTakesItsOperatorsAsWords) {
    write(bob, "Harmless", "2025-09-03");

    for (const auto* query :
         {"%22", "%27", "a%20%26%20b", "%28%28", "%3A%2A", "NEAR%28x%29", "%5C",
          "harmless%2A%20OR%20x", "%21%21"}) {
        SCOPED_TRACE(query);
        EXPECT_EQ(call("GET", std::string("/api/worklogs/?q=") + query, bob).status, 200);
    }
}

TEST_P(Worklog, BulkTakesTheGoodAndNamesTheBad) {
    auto answer = call(
        "POST", "/api/worklogs/bulk/", ada,
        R"({"items":[{"content":"one","external_id":"x1"},{"content":""},{"content":"again","external_id":"x1"},7,{"content":"two","colour":"red"}]})"
    );
    auto again = call(
        "POST", "/api/worklogs/bulk/", ada, R"({"items":[{"content":"one","external_id":"x1"}]})"
    );

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.number("/created"), 1);
    EXPECT_EQ(answer.number("/duplicates"), 1);
    EXPECT_EQ(answer.number("/failed"), 3);
    EXPECT_EQ(answer.number("/items/0/status"), 201);
    EXPECT_EQ(answer.number("/items/1/status"), 422);
    EXPECT_EQ(answer.number("/items/2/status"), 200);
    EXPECT_EQ(answer.number("/items/3/status"), 422);
    EXPECT_EQ(answer.number("/items/4/status"), 422);
    EXPECT_EQ(answer.number("/items/2/id"), answer.number("/items/0/id"));
    EXPECT_THAT(answer.text("/items/4/error/fields/0"), testing::HasSubstr("/colour"));
    EXPECT_EQ(again.number("/items/0/status"), 200);
    EXPECT_EQ(again.number("/items/0/id"), answer.number("/items/0/id"));
}

TEST_P(Worklog, BulkTakesFiveHundredAndNotOneMore) {
    auto of = [](int count) {
        std::string items;
        for (int i = 0; i < count; ++i)
            items += fmt::format(
                R"({}{{"content":"Item {}","occurred_on":"2024-01-01"}})", i == 0 ? "" : ",", i
            );
        return R"({"items":[)" + items + "]}";
    };

    auto most = call("POST", "/api/worklogs/bulk/", ada, of(500));
    auto more = call("POST", "/api/worklogs/bulk/", ada, of(501));
    auto none = call("POST", "/api/worklogs/bulk/", ada, of(0));

    EXPECT_EQ(most.status, 200);
    EXPECT_EQ(most.number("/created"), 500);
    EXPECT_EQ(more.status, 422);
    EXPECT_EQ(none.status, 422);
}

TEST_P(Worklog, KnowsAnExternalIdAgain) {
    auto first = call(
        "POST", "/api/worklogs/", ada, R"({"content":"a","external_id":"pr-12","source":"github"})"
    );
    auto second = call(
        "POST", "/api/worklogs/", ada, R"({"content":"b","external_id":"pr-12","source":"github"})"
    );
    auto elsewhere = call(
        "POST", "/api/worklogs/", ada, R"({"content":"c","external_id":"pr-12","source":"slack"})"
    );
    auto of_bob = call(
        "POST", "/api/worklogs/", bob, R"({"content":"d","external_id":"pr-12","source":"github"})"
    );

    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(second.status, 409);
    EXPECT_EQ(second.text("/code"), "worklog.known_already");
    EXPECT_EQ(elsewhere.status, 201);
    EXPECT_EQ(of_bob.status, 201);
}

TEST_P(Worklog, RemembersEarlierVersions) {
    auto location = write(ada, "first", "2026-01-10").header("Location");
    call("PATCH", location, ada, R"({"content":"second"})", overwrite);
    call("PATCH", location, ada, R"({"content":"third"})", overwrite);

    auto history = call("GET", location + "history/", ada);

    EXPECT_EQ(history.count("/items"), 2U);
    EXPECT_EQ(history.text("/items/0/entry/content"), "second");
    EXPECT_EQ(history.number("/items/0/version"), 2);
    EXPECT_EQ(history.text("/items/1/entry/content"), "first");
    EXPECT_EQ(call("GET", location, ada).number("/version"), 3);
}

TEST_P(Worklog, ChangesOnlyWhatAPatchNames) {
    auto location = call(
                        "POST", "/api/worklogs/", ada,
                        R"({"content":"a","title":"t","project":"p","tags":["x"]})"
    )
                        .header("Location");

    auto changed = call("PATCH", location, ada, R"({"title":null,"tags":["y","z"]})", overwrite);

    EXPECT_TRUE(changed.at("/title").is_null());
    EXPECT_EQ(changed.text("/project"), "p");
    EXPECT_EQ(changed.count("/tags"), 2U);
    EXPECT_EQ(changed.text("/content"), "a");
}

TEST_P(Worklog, BringsADeletedEntryBack) {
    auto location = write(ada, "Precious zeppelin", "2026-01-11").header("Location");

    auto deleted = call("DELETE", location, ada, "", {{"if-match", "\"1\""}});
    auto gone = call("GET", location, ada);
    auto found_gone = contents(ada, "q=zeppelin");
    auto twice = call("DELETE", location, ada, "", overwrite);
    auto restored = call("POST", location + "restore/", ada);
    auto again = call("POST", location + "restore/", ada);

    EXPECT_EQ(deleted.status, 204);
    EXPECT_EQ(deleted.body, "");
    EXPECT_EQ(gone.status, 404);
    EXPECT_THAT(found_gone, testing::IsEmpty());
    EXPECT_EQ(twice.status, 404);
    EXPECT_EQ(restored.status, 200);
    EXPECT_EQ(restored.header("ETag"), call("GET", location, ada).header("ETag"));
    EXPECT_THAT(contents(ada, "q=zeppelin"), testing::ElementsAre("Precious zeppelin"));
    EXPECT_EQ(again.status, 404);
}

TEST_P(Worklog, CountsEntriesByDay) {
    write(bob, "a", "2023-05-01");
    write(bob, "b", "2023-05-01");
    write(bob, "c", "2023-05-03");

    auto calendar = call("GET", "/api/worklogs/calendar/?from=2023-05-01&to=2023-05-31", bob);
    auto backwards = call("GET", "/api/worklogs/calendar/?from=2023-06-01&to=2023-05-01", bob);

    ASSERT_EQ(calendar.count("/days"), 2U);
    EXPECT_EQ(calendar.text("/days/0/date"), "2023-05-01");
    EXPECT_EQ(calendar.number("/days/0/entries"), 2);
    EXPECT_EQ(calendar.number("/days/1/entries"), 1);
    EXPECT_EQ(backwards.status, 422);
}

TEST_P(Worklog, TakesTextInAnyScriptInItsComposedForm) {
    auto location =
        call("POST", "/api/worklogs/", ada, "{\"content\":\"Cafe\u0301 日本語 🙂 ￼ עברית\"}")
            .header("Location");

    EXPECT_EQ(call("GET", location, ada).text("/content"), "Caf\u00e9 日本語 🙂 ￼ עברית");
}

INSTANTIATE_TEST_SUITE_P(Engines, Worklog, sql::both_databases(), sql::dialect_name);

}  // namespace afterresume::contract
