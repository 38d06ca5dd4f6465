// How PostgreSQL goes about a search, which runs past the fences: see search_worklog().
#include "features/worklog/service.h"

#include "core/testing.h"
#include "embedded/migrations.h"
#include "infra/sql/postgres_session.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

namespace afterresume::worklog {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class WorklogSearch : public ::testing::Test {
protected:
    void SetUp() override {
        if (!sql::test_server_url()) GTEST_SKIP() << "TEST_DATABASE_URL is not set";
        scratch.emplace(sql::Dialect::postgres, embedded::migrations());
        scratch->run(fill());
    }

    // An entry of alice's, and among those of others twenty thousand that have the same word.
    Task<void> fill() {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        CreateEntry draft;
        draft.content = "Tuned PostgreSQL.";
        co_await worklogs.create(*tx, scratch->alice(), std::move(draft));
        co_await tx->commit();
        scratch->execute_as_owner(R"sql(
            INSERT INTO worklog (id, tenant_id, user_id, occurred_on, content, tags, visibility, source, skills, version,
                                 extracted_version, created_at, updated_at)
            SELECT 1000000000 + n, 1 + n % 20, 100 + n % 200, '2026-03-01', 'Tuned PostgreSQL.', '[]', 'private', 'web', '[]', 1, 1,
                   now(), now()
            FROM generate_series(1, 20000) AS n;
            INSERT INTO worklog_search (id, tenant_id, user_id, words)
            SELECT id, tenant_id, user_id, array_to_tsvector(ARRAY['postgresql', 'owner' || user_id]) FROM worklog
            WHERE id > 1000000000;
            ANALYZE worklog, worklog_search)sql");
    }

    // How often the session has read the table from end to end, and how often it asked the index.
    struct Scans {
        std::int64_t of_all = 0;
        std::int64_t by_index = 0;
    };
    Task<Scans> scans(sql::Tx& tx) {
        static constexpr sql::Statement of_all{
            "test.scans_of_all", "SELECT pg_stat_get_xact_numscans('worklog_search'::regclass)"
        };
        static constexpr sql::Statement by_index{
            "test.scans_by_index",
            "SELECT pg_stat_get_xact_numscans('worklog_search_words'::regclass)"
        };
        Scans scans;
        scans.of_all = co_await tx.one<std::int64_t>(of_all);
        scans.by_index = co_await tx.one<std::int64_t>(by_index);
        co_return scans;
    }
    struct Searched {
        std::string items;
        Scans scans;
    };
    // Each writing transaction has a session of PostgreSQL's to itself, which counts.
    Task<Searched> search(std::string words) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        ListEntries query;
        query.q = std::move(words);
        auto before = co_await scans(*tx);
        auto page = co_await worklogs.list(*tx, scratch->alice(), std::move(query));
        auto after = co_await scans(*tx);
        co_return Searched{
            std::move(page.items.text),
            {after.of_all - before.of_all, after.by_index - before.by_index}
        };
    }

    ManualClock clock{*parse_timestamp("2026-03-10T12:00:00Z")};
    events::Events events{clock};
    Repository entries;
    Service worklogs{entries, events, clock};
    std::optional<sql::ScratchDatabase> scratch;
};

// The plan of a function that runs past the fences is in no EXPLAIN; what it has read is counted.
TEST_F(WorklogSearch, IsAskedOfItsIndexAndNotOfAllThatPeopleWrote) {
    auto searched = scratch->run(search("PostgreSQL"));

    EXPECT_THAT(searched.items, HasSubstr("Tuned PostgreSQL."));
    EXPECT_EQ(searched.scans.by_index, 1);
    EXPECT_EQ(searched.scans.of_all, 0);
}

TEST_F(WorklogSearch, GivesNothingToWhoeverActsForNobody) {
    constexpr auto every_word = "SELECT id FROM search_worklog('postgresql'::tsquery)";
    sql::PostgresSession session(scratch->url());
    auto app = session.rows(
        "SELECT DISTINCT rolname FROM pg_roles, pg_policy "
        "WHERE polname = 'fence_app' AND pg_roles.oid = ANY (polroles)"
    );

    session.execute("SET ROLE " + session.identifier(app.at(0).at(0).value()));

    EXPECT_THAT(session.rows(every_word), IsEmpty());
    session.execute("SET app.tenant_id = '1'");
    EXPECT_THAT(session.rows(every_word), IsEmpty());
    session.execute("SET app.user_id = '11'");
    EXPECT_THAT(session.rows(every_word), SizeIs(1));
    session.execute("SET app.tenant_id = ''");
    EXPECT_THAT(session.rows(every_word), IsEmpty());
}

}  // namespace
}  // namespace afterresume::worklog
