#include "features/worklog/service.h"

#include "core/testing.h"
#include "embedded/migrations.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

namespace afterresume::worklog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class WorklogServiceTest : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (IsSkipped()) return;
        scratch.emplace(GetParam(), embedded::migrations());
        events.follow_with([this](sql::Tx&, const Scope&, const events::Event& event) {
            return remember(event);
        });
    }

    Task<std::vector<Uuid>> remember(events::Event event) {
        told.push_back(event.name);
        co_return std::vector<Uuid>{};
    }

    // Runs `use` in a write transaction of the scope and commits.
    template <class T>
    T write(const Scope& scope, std::function<Task<T>(sql::Tx&)> use) {
        return scratch->run(written(scope, std::move(use)));
    }
    template <class T>
    Task<T> written(Scope scope, std::function<Task<T>(sql::Tx&)> use) {
        auto tx = scratch->database().begin(scope, sql::Access::write);
        auto result = co_await use(*tx);
        co_await tx->commit();
        co_return result;
    }

    WrittenEntry create(const Scope& scope, CreateEntry draft) {
        return write<WrittenEntry>(scope, [&](sql::Tx& tx) {
            return worklogs.create(tx, scope, draft);
        });
    }
    WrittenEntry note(std::string content, LocalDate day = {2026, 3, 1}) {
        CreateEntry draft;
        draft.content = std::move(content);
        draft.occurred_on = day;
        return create(scratch->alice(), std::move(draft));
    }
    struct Listed {
        std::vector<ListedEntry> items;
        std::optional<std::string> next_cursor;
    };
    Listed list(const Scope& scope, ListEntries query = {}) {
        auto page =
            write<EntryPage>(scope, [&](sql::Tx& tx) { return worklogs.list(tx, scope, query); });
        return {describe::parse<std::vector<ListedEntry>>(page.items.text), page.next_cursor};
    }
    std::vector<std::string> found(std::string words) {
        ListEntries query;
        query.q = std::move(words);
        std::vector<std::string> contents;
        for (auto& entry : list(scratch->alice(), query).items) contents.push_back(entry.content);
        return contents;
    }
    Entry get(const Scope& scope, Id<Entry> id) {
        return write<Entry>(scope, [&](sql::Tx& tx) { return worklogs.get(tx, scope, id); });
    }
    WrittenEntry edit(Id<Entry> id, Match match, EditEntry change) {
        return write<WrittenEntry>(scratch->alice(), [&](sql::Tx& tx) {
            return worklogs.edit(tx, scratch->alice(), id, match, change);
        });
    }
    Task<bool> removed(sql::Tx& tx, Id<Entry> id) {
        co_await worklogs.remove(tx, scratch->alice(), id, {});
        co_return true;
    }

    ManualClock clock{*parse_timestamp("2026-03-10T12:00:00Z")};
    std::vector<std::string> told;
    events::Events events{clock};
    Repository entries;
    Service worklogs{entries, events, clock};
    std::optional<sql::ScratchDatabase> scratch;
};

INSTANTIATE_TEST_SUITE_P(Databases, WorklogServiceTest, sql::both_databases(), sql::dialect_name);

TEST_P(WorklogServiceTest, RemembersAnEntryAndTellsThatItWasWritten) {
    auto entry = note("Cut p99 from 900 ms to 120 ms.");

    EXPECT_EQ(get(scratch->alice(), entry.id).content, "Cut p99 from 900 ms to 120 ms.");
    EXPECT_THAT(told, ElementsAre("worklog.entry_written"));
    EXPECT_EQ(entry.created_at, clock.now());
}

TEST_P(WorklogServiceTest, TakesTodayInTheUsersZoneWhenNoDateIsGiven) {
    CreateEntry draft;
    draft.content = "x";

    EXPECT_EQ(create(scratch->alice(), draft).occurred_on.text(), "2026-03-10");
}

TEST_P(WorklogServiceTest, DoesNotKnowAnotherTenantsEntry) {
    auto entry = note("Secret");

    EXPECT_THROW(get(scratch->bob(), entry.id), Error);
    EXPECT_THAT(list(scratch->bob()).items, IsEmpty());
}

TEST_P(WorklogServiceTest, ListsNewestFirstInPagesThatNewEntriesDoNotShift) {
    for (int day = 1; day <= 5; ++day)
        note("day " + std::to_string(day), {2026, 3, static_cast<unsigned>(day)});
    ListEntries query;
    query.page_size = 2;

    auto first = list(scratch->alice(), query);
    note("later", {2026, 3, 9});
    query.cursor = first.next_cursor;
    auto second = list(scratch->alice(), query);

    EXPECT_EQ(first.items[0].content, "day 5");
    EXPECT_EQ(second.items[0].content, "day 3");
    EXPECT_EQ(second.items[1].content, "day 2");
}

TEST_P(WorklogServiceTest, FindsWordsInAnyFormAndShowsWhereTheyStand) {
    note("Deployed the résumé service");
    note("Wrote documentation");

    EXPECT_THAT(found("deploying resumes"), ElementsAre("Deployed the résumé service"));
    EXPECT_THAT(found("deploy documentation"), IsEmpty());
    EXPECT_THAT(found("'; & | ! \" *"), SizeIs(2));
    ListEntries query;
    query.q = "service";
    auto hit = list(scratch->alice(), query).items.front();
    EXPECT_EQ(
        hit.content.substr(static_cast<std::size_t>(hit.highlights.front().start)), "service"
    );
}

TEST_P(WorklogServiceTest, FiltersByTagDateAndProject) {
    CreateEntry draft;
    draft.content = "tagged";
    draft.tags = {"perf", "it's \"odd\""};
    draft.project = "alpha";
    draft.occurred_on = LocalDate(2026, 2, 1);
    create(scratch->alice(), draft);
    note("other");
    auto count = [&](auto set) {
        ListEntries query;
        set(query);
        return list(scratch->alice(), query).items.size();
    };

    EXPECT_EQ(count([](auto& query) { query.tag = "it's \"odd\""; }), 1U);
    EXPECT_EQ(count([](auto& query) { query.tag = "nope"; }), 0U);
    EXPECT_EQ(count([](auto& query) { query.project = "alpha"; }), 1U);
    EXPECT_EQ(count([](auto& query) { query.to = LocalDate(2026, 2, 28); }), 1U);
    EXPECT_EQ(count([](auto& query) { query.from = LocalDate(2026, 2, 1); }), 2U);
}

TEST_P(WorklogServiceTest, KeepsEarlierVersionsAndRefusesStaleEdits) {
    auto entry = note("first");
    EditEntry change;
    change.content = {"second"};

    auto edited = edit(entry.id, {entry.version}, change);
    auto history = write<std::vector<Revision>>(scratch->alice(), [&](sql::Tx& tx) {
        return worklogs.history(tx, scratch->alice(), entry.id);
    });

    EXPECT_EQ(edited.version, 2);
    ASSERT_THAT(history, SizeIs(1));
    EXPECT_NE(history.front().entry.text.find("first"), std::string::npos);
    EXPECT_THROW(edit(entry.id, {1}, change), Error);
    EXPECT_THAT(found("second"), SizeIs(1));
    EXPECT_THAT(found("first"), IsEmpty());
}

TEST_P(WorklogServiceTest, BringsADeletedEntryBack) {
    auto entry = note("gone for now");
    write<bool>(scratch->alice(), [&](sql::Tx& tx) { return removed(tx, entry.id); });
    EXPECT_THROW(get(scratch->alice(), entry.id), Error);
    EXPECT_THAT(found("gone"), IsEmpty());

    write<Entry>(scratch->alice(), [&](sql::Tx& tx) {
        return worklogs.restore(tx, scratch->alice(), entry.id);
    });

    EXPECT_EQ(get(scratch->alice(), entry.id).content, "gone for now");
    EXPECT_THAT(found("gone"), SizeIs(1));
}

TEST_P(WorklogServiceTest, JudgesEachItemOfABulkByItself) {
    CreateEntries drafts;
    for (auto text :
         {R"({"content":"good","external_id":"a"})", R"({"content":""})",
          R"({"content":"again","external_id":"a"})", R"({"nope":1})"}) {
        drafts.items.push_back({describe::parse_json(text)});
    }
    auto bulk = [&] {
        return write<BulkResult>(scratch->alice(), [&](sql::Tx& tx) {
            return worklogs.create_many(tx, scratch->alice(), drafts);
        });
    };

    auto first = bulk();
    auto second = bulk();

    EXPECT_EQ(first.created, 1);
    EXPECT_EQ(first.duplicates, 1);
    EXPECT_EQ(first.failed, 2);
    EXPECT_EQ(first.items[2].id, first.items[0].id);
    EXPECT_THAT(first.items[1].error->fields, ElementsAre("/content must not be empty"));
    EXPECT_EQ(second.created, 0);
    EXPECT_EQ(second.duplicates, 2);
}

class ImportedEntries : public WorklogServiceTest {
protected:
    static CreateEntry draft() {
        CreateEntry draft;
        draft.content = "merged";
        draft.source = Source::github;
        draft.external_id = "pr-12";
        return draft;
    }
    WrittenEntry import() { return create(scratch->alice(), draft()); }
    BulkResult import_many() {
        CreateEntries drafts{{{describe::parse_json(describe::to_json(draft()))}}};
        return write<BulkResult>(scratch->alice(), [&](sql::Tx& tx) {
            return worklogs.create_many(tx, scratch->alice(), drafts);
        });
    }
    void remove(Id<Entry> id) {
        write<bool>(scratch->alice(), [&](sql::Tx& tx) { return removed(tx, id); });
    }
    Entry restore(Id<Entry> id) {
        return write<Entry>(scratch->alice(), [&](sql::Tx& tx) {
            return worklogs.restore(tx, scratch->alice(), id);
        });
    }
};

INSTANTIATE_TEST_SUITE_P(Databases, ImportedEntries, sql::both_databases(), sql::dialect_name);

TEST_P(ImportedEntries, AreNewAgainOnceTheyAreDeleted) {
    auto first = import();
    auto twice = code_of([&] { import(); });
    remove(first.id);

    auto second = import();
    remove(second.id);
    auto third = import_many();

    EXPECT_EQ(twice, "worklog.known_already");
    EXPECT_NE(second.id, first.id);
    EXPECT_EQ(third.created, 1);
    EXPECT_EQ(third.duplicates, 0);
}

TEST_P(ImportedEntries, AreRestoredOnlyInPlaceOfNothing) {
    auto first = import();
    remove(first.id);
    auto second = import();

    auto beside = code_of([&] { restore(first.id); });
    remove(second.id);
    auto restored = restore(first.id);

    EXPECT_EQ(beside, "worklog.known_already");
    EXPECT_EQ(restored.external_id, "pr-12");
    EXPECT_EQ(import_many().items[0].id, first.id);
}

TEST_P(WorklogServiceTest, ShowsMembersOnlyWhatIsShared) {
    CreateEntry draft;
    draft.content = "for all";
    draft.visibility = "tenant";
    auto shared = create(scratch->alice(), draft);
    ListEntries query;
    query.show = Shown::shared;

    EXPECT_THAT(list(scratch->alice(), query).items, IsEmpty());
    EXPECT_THROW(get(scratch->bob(), shared.id), Error);
}

TEST_P(WorklogServiceTest, CountsEntriesByDay) {
    note("a", {2026, 3, 1});
    note("b", {2026, 3, 1});
    note("c", {2026, 3, 5});

    auto calendar = write<Calendar>(scratch->alice(), [&](sql::Tx& tx) {
        return worklogs.calendar(tx, scratch->alice(), {});
    });

    ASSERT_THAT(calendar.days, SizeIs(2));
    EXPECT_EQ(calendar.days[0].entries, 2);
}

}  // namespace
}  // namespace afterresume::worklog
