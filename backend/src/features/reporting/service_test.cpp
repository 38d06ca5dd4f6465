#include "features/reporting/service.h"

#include "core/scope_mint.h"
#include "core/testing.h"
#include "embedded/migrations.h"
#include "features/reporting/testing.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

namespace afterresume::reporting {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Scope a_scope(std::int64_t tenant, std::int64_t user, std::string zone = "UTC") {
    Identity identity;
    identity.tenant = TenantId{tenant};
    identity.user = UserId{user};
    identity.role = Role::member;
    identity.time_zone = std::move(zone);
    return ScopeMint::mint(identity);
}

class ReportingServiceTest : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (IsSkipped()) return;
        scratch.emplace(GetParam(), embedded::migrations());
        events.follow_with([this](sql::Tx&, const Scope&, const events::Event& event) {
            return enqueued(event);
        });
    }

    Task<std::vector<Uuid>> enqueued(events::Event event) {
        told.push_back(event.name + " " + event.data);
        if (!has_workers) co_return std::vector<Uuid>{};
        co_return std::vector<Uuid>{Uuid::random()};
    }

    // Runs `use` in a write transaction of the scope and commits.
    template <class T>
    T write(const Scope& scope, std::function<Task<T>(sql::Tx&)> use) {
        return scratch->run(written<T>(scope, std::move(use)));
    }
    template <class T>
    Task<T> written(Scope scope, std::function<Task<T>(sql::Tx&)> use) {
        auto tx = scratch->database().begin(scope, sql::Access::write);
        auto result = co_await use(*tx);
        co_await tx->commit();
        co_return result;
    }
    Task<bool> removed(sql::Tx& tx, Scope scope, Id<Report> id) {
        co_await reports.remove(tx, scope, id, {});
        co_return true;
    }

    // A version with these lines, a minute after the last one; all evidence that tests name is
    // known.
    Kept store(
        Kind kind, Content content, std::optional<Window> window = march, const Scope& scope = ada
    ) {
        clock.advance(std::chrono::minutes(1));
        Draft draft{
            kind, kind == Kind::resume ? std::nullopt : window, "March", std::move(content)
        };
        std::set<Evidence> known{entry(1), entry(2), entry(3), entry(4), entry(5)};
        return write<Kept>(scope, [&](sql::Tx& tx) {
            return reports.store(tx, scope, draft, known);
        });
    }
    Report store_status(std::vector<Line> lines) {
        return store(Kind::status, a_content({a_section("shop", std::move(lines))})).report;
    }
    Report edit(Id<Report> id, EditReport change, Match match = {}, const Scope& scope = ada) {
        return write<Report>(scope, [&](sql::Tx& tx) {
            return reports.edit(tx, scope, id, match, change);
        });
    }
    Report reword(const Report& report, std::string_view text, std::string instead) {
        EditReport change;
        change.lines = {{line_of(report.content, text).id, std::move(instead)}};
        return edit(report.id, change, {report.version});
    }
    Report get(Id<Report> id, const Scope& scope = ada) {
        return write<Report>(scope, [&](sql::Tx& tx) { return reports.get(tx, scope, id); });
    }
    void remove(Id<Report> id) {
        write<bool>(ada, [&](sql::Tx& tx) { return removed(tx, ada, id); });
    }
    ReportPage list(ListReports query = {}, const Scope& scope = ada) {
        return write<ReportPage>(scope, [&](sql::Tx& tx) {
            return reports.list(tx, scope, query);
        });
    }
    std::vector<std::int64_t> listed(ListReports query = {}, const Scope& scope = ada) {
        std::vector<std::int64_t> ids;
        for (const auto& item : list(std::move(query), scope).items) ids.push_back(item.id.value);
        return ids;
    }
    Uuid ask(AskReport wanted, const Scope& scope = ada) {
        return write<Uuid>(scope, [&](sql::Tx& tx) { return reports.ask(tx, scope, wanted); });
    }

    static inline const Scope ada = a_scope(1, 11);
    static inline const Scope colleague = a_scope(1, 12);
    static inline const Scope stranger = a_scope(2, 22);
    static inline const Window march{LocalDate(2026, 3, 1), LocalDate(2026, 3, 31)};

    ManualClock clock{*parse_timestamp("2026-03-31T12:00:00Z")};
    events::Events events{clock};
    worklog::Repository entries;
    worklog::Service worklogs{entries, events, clock};
    profile::Service profiles{clock, events};
    Repository rows;
    Service reports{rows, worklogs, profiles, events, clock};
    std::vector<std::string> told;
    bool has_workers = true;
    std::optional<sql::ScratchDatabase> scratch;
};

TEST_P(ReportingServiceTest, KeepsAReportWholeAndTellsOfIt) {
    auto line = a_line("Cut the bill by 40 %", {1, 2}, Verdict::unverified);
    line.words = {"40 %"};

    auto made = store_status({line});

    auto read = get(made.id);
    EXPECT_EQ(describe::to_json(read), describe::to_json(made));
    EXPECT_EQ(read.from, march.from);
    EXPECT_EQ(read.generator, "rules");
    EXPECT_THAT(line_of(read.content, "Cut the bill by 40 %").words, ElementsAre("40 %"));
    EXPECT_THAT(
        told, ElementsAre(fmt::format(
                  R"(reporting.report_generated {{"report_id":{},"kind":"status"}})", made.id.value
              ))
    );
}

TEST_P(ReportingServiceTest, MakesTheNextVersionWithTheEditsOfTheLast) {
    auto first = store_status({a_line("Fixed the cart", {1}), a_line("Added search", {2})});
    auto edited = reword(first, "Fixed the cart", "Rescued the cart");

    auto second = store_status({a_line("Repaired the cart", {1}), a_line("Added search", {2})});

    EXPECT_EQ(edited.version, 2);
    EXPECT_THAT(told_of(second), ElementsAre("shop: Rescued the cart", "shop: Added search"));
    EXPECT_EQ(second.number, 2);
    EXPECT_EQ(second.supersedes, first.id);
    EXPECT_TRUE(get(first.id).superseded);
    EXPECT_THAT(listed(), ElementsAre(second.id.value));
}

TEST_P(ReportingServiceTest, KeepsTitleAndThemeThatItsPersonChose) {
    auto first = store_status({a_line("Fixed the cart", {1})});
    EditReport change;
    change.title = {"My March"};
    change.theme = {documents::Theme::modern};
    change.status = {Status::final};
    edit(first.id, change);

    auto second = store_status({a_line("Fixed the cart", {1})});

    EXPECT_EQ(second.title, "My March");
    EXPECT_EQ(second.theme, documents::Theme::modern);
    EXPECT_EQ(second.status, Status::draft);
}

TEST_P(ReportingServiceTest, BeginsAnotherReportForAnotherKindOrWindow) {
    auto content = a_content({a_section("shop", {a_line("Fixed the cart", {1})})});
    store(Kind::status, content);
    auto weekly = store(Kind::weekly, content);
    auto april =
        store(Kind::status, content, Window{LocalDate(2026, 4, 1), LocalDate(2026, 4, 30)});

    EXPECT_EQ(weekly.report.number, 1);
    EXPECT_EQ(april.report.number, 1);
    EXPECT_THAT(listed(), SizeIs(3));
    ListReports of_kind;
    of_kind.kind = Kind::weekly;
    EXPECT_THAT(listed(of_kind), ElementsAre(weekly.report.id.value));
}

TEST_P(ReportingServiceTest, MakesNoVersionOfAResumeThatSaysTheSame) {
    auto first = store(Kind::resume, a_resume_content());
    auto same = store(Kind::resume, a_resume_content());
    auto changed = a_resume_content();
    changed.sections[0].lines[0].text = "Engineer.";
    auto second = store(Kind::resume, changed);

    EXPECT_TRUE(first.fresh);
    EXPECT_FALSE(same.fresh);
    EXPECT_EQ(same.report.id, first.report.id);
    EXPECT_TRUE(second.fresh);
    auto latest = write<Report>(ada, [&](sql::Tx& tx) { return reports.get_resume(tx, ada); });
    EXPECT_EQ(latest.id, second.report.id);
    EXPECT_EQ(latest.from, std::nullopt);
}

TEST_P(ReportingServiceTest, KnowsNoResumeBeforeThereIsOne) {
    auto read = [&] {
        write<Report>(ada, [&](sql::Tx& tx) { return reports.get_resume(tx, ada); });
    };

    EXPECT_THROW(read(), Error);
}

TEST_P(ReportingServiceTest, RefusesAnEditThatDoesNotFit) {
    auto first = store_status({a_line("Fixed the cart", {1})});
    EditReport unknown_line;
    unknown_line.lines = {{99, "Mine"}};
    auto stale = code_of([&] { edit(first.id, {}, {7}); });
    auto unknown = code_of([&] { edit(first.id, unknown_line); });
    store_status({a_line("Fixed the cart", {1})});

    EXPECT_EQ(stale, "request.changed_meanwhile");
    EXPECT_EQ(unknown, "request.invalid");
    EXPECT_EQ(code_of([&] { edit(first.id, {}); }), "reporting.superseded");
    EXPECT_THAT(told_of(get(first.id)), ElementsAre("shop: Fixed the cart"));
}

TEST_P(ReportingServiceTest, RemembersWhatAnEditedLineSaidFirst) {
    auto first = store_status({a_line("Fixed the cart", {1}, Verdict::unverified)});

    auto twice = reword(
        reword(first, "Fixed the cart", "Saved the cart"), "Saved the cart", "Rescued the cart"
    );

    const auto& line = line_of(twice.content, "Rescued the cart");
    EXPECT_EQ(line.original, "Fixed the cart");
    EXPECT_EQ(line.verdict, Verdict::edited);
    EXPECT_EQ(twice.version, 3);
}

TEST_P(ReportingServiceTest, ListsVersionsAndTheirDifferences) {
    auto first = store_status({a_line("Fixed the cart", {1})});
    auto second = store_status({a_line("Repaired the cart", {1}), a_line("Added search", {2})});

    auto versions =
        write<Versions>(ada, [&](sql::Tx& tx) { return reports.versions(tx, ada, first.id); });
    auto diff = write<Diff>(ada, [&](sql::Tx& tx) { return reports.diff(tx, ada, second.id, {}); });
    auto of_first =
        write<Diff>(ada, [&](sql::Tx& tx) { return reports.diff(tx, ada, first.id, {}); });

    ASSERT_THAT(versions.items, SizeIs(2));
    EXPECT_EQ(versions.items[0].id, second.id);
    EXPECT_EQ(diff.before, first.id);
    EXPECT_THAT(
        diff.lines,
        ElementsAre(
            LineChange{ChangeKind::changed, "shop", "Fixed the cart", "Repaired the cart"},
            LineChange{ChangeKind::added, "shop", std::nullopt, "Added search"}
        )
    );
    EXPECT_THAT(of_first.lines, SizeIs(1));
}

TEST_P(ReportingServiceTest, DeletesTheNewestWithAllBeforeItAndAnEarlierOneAlone) {
    auto first = store_status({a_line("One", {1})});
    auto second = store_status({a_line("Two", {1})});
    auto third = store_status({a_line("Three", {1})});

    remove(first.id);
    auto without_first =
        write<Versions>(ada, [&](sql::Tx& tx) { return reports.versions(tx, ada, third.id); });
    remove(third.id);

    EXPECT_THAT(without_first.items, SizeIs(2));
    EXPECT_THAT(listed(), IsEmpty());
    EXPECT_THROW(get(second.id), Error);
    EXPECT_EQ(store_status({a_line("Four", {1})}).number, 1);
}

TEST_P(ReportingServiceTest, ShowsNobodyElseAnything) {
    auto mine = store_status({a_line("Fixed the cart", {1})});
    store(Kind::resume, a_resume_content());

    for (const auto* other : {&colleague, &stranger}) {
        EXPECT_THAT(listed({}, *other), IsEmpty());
        EXPECT_THROW(get(mine.id, *other), Error);
        EXPECT_THROW(edit(mine.id, {}, {}, *other), Error);
        auto of_mine = [&](sql::Tx& tx) { return reports.provenance(tx, *other, mine.id); };
        EXPECT_THROW(write<Provenance>(*other, of_mine), Error);
        auto resume = [&](sql::Tx& tx) { return reports.get_resume(tx, *other); };
        EXPECT_THROW(write<Report>(*other, resume), Error);
        EXPECT_EQ(store(Kind::status, a_content({}), march, *other).report.number, 1);
    }
}

TEST_P(ReportingServiceTest, PagesThroughTheListWithoutGapOrRepetition) {
    std::vector<std::int64_t> made;
    for (int day = 1; day <= 5; ++day) {
        Window window{LocalDate(2026, 3, 1), LocalDate(2026, 3, 1).plus_days(day)};
        made.insert(made.begin(), store(Kind::status, a_content({}), window).report.id.value);
    }

    std::vector<std::int64_t> seen;
    ListReports query;
    query.page_size = 2;
    for (;;) {
        auto page = list(query);
        for (const auto& item : page.items) seen.push_back(item.id.value);
        if (!page.next_cursor) break;
        query.cursor = page.next_cursor;
    }

    EXPECT_EQ(seen, made);
    for (const auto* bad : {"x", "12", "12.", "-1.5", "99999999999999999999.1", "1.2x"}) {
        query.cursor = bad;
        EXPECT_EQ(code_of([&] { list(query); }), "request.malformed_cursor") << bad;
    }
}

TEST_P(ReportingServiceTest, AsksForTheWindowOfTheAskersOwnToday) {
    clock.set(*parse_timestamp("2026-03-01T22:30:00Z"));
    AskReport status;
    status.kind = Kind::status;

    ask(status, a_scope(1, 11, "America/New_York"));
    ask(status, a_scope(1, 11, "Pacific/Auckland"));

    EXPECT_THAT(
        told,
        ElementsAre(
            R"(reporting.report_asked {"kind":"status","from":"2026-02-23","to":"2026-03-01","window_days":null})",
            R"(reporting.report_asked {"kind":"status","from":"2026-02-24","to":"2026-03-02","window_days":null})"
        )
    );
}

TEST_P(ReportingServiceTest, AsksForAResumeWithoutAWindow) {
    AskReport resume;
    resume.kind = Kind::resume;
    auto with_window = resume;
    with_window.window_days = 7;

    ask(resume);

    EXPECT_THAT(told, ElementsAre("reporting.resume_asked {}"));
    EXPECT_EQ(code_of([&] { ask(with_window); }), "request.invalid");
    has_workers = false;
    EXPECT_EQ(code_of([&] { ask(resume); }), "reporting.no_generation");
}

TEST_P(ReportingServiceTest, ImportsAJsonResumeAndHasTheResumeRefreshed) {
    auto document = describe::parse_json(
        R"({"basics":{"name":"Ada"},"work":[{"name":"Northshop","x-own":[1]}]})"
    );

    write<Uuid>(ada, [&](sql::Tx& tx) { return reports.import_resume(tx, ada, document); });

    auto kept = write<profile::Profile>(ada, [&](sql::Tx& tx) { return profiles.get(tx, ada); });
    EXPECT_EQ(kept.work.at(0).name, "Northshop");
    EXPECT_EQ(told.back(), "reporting.resume_asked {}");
}

TEST_P(ReportingServiceTest, QuotesTheEntriesThatAReportRestsOn) {
    worklog::CreateEntry draft;
    draft.content = "Met Bo. Cut the bill by 40 %.";
    draft.occurred_on = LocalDate(2026, 3, 9);
    auto written_entry = write<worklog::WrittenEntry>(ada, [&](sql::Tx& tx) {
        return worklogs.create(tx, ada, draft);
    });
    auto made = store_status({a_line("Cut the bill", {written_entry.id.value})});

    auto proven =
        write<Provenance>(ada, [&](sql::Tx& tx) { return reports.provenance(tx, ada, made.id); });

    EXPECT_EQ(proven.lines.at(0).evidence.at(0).quote, "Cut the bill by 40 %.");
    EXPECT_EQ(proven.lines.at(0).evidence.at(0).occurred_on, LocalDate(2026, 3, 9));
}

INSTANTIATE_TEST_SUITE_P(Databases, ReportingServiceTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::reporting
