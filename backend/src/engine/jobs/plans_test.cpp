// How PostgreSQL goes about what the engine asks for all the time: where it takes the live state
// for nearly empty, which beside an old transaction it is, and full of what is dead; and among much
// that ended long ago and much that waits.
#include "engine/jobs/operation.h"
#include "engine/jobs/partitions.h"
#include "engine/jobs/release.h"
#include "engine/jobs/testing.h"
#include "infra/sql/postgres_session.h"
#include "infra/sql/testing_tx.h"

#include <regex>

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::IsEmpty;
using testing::Key;

using Texts = std::map<std::string, std::string, std::less<>>;

class NotingTx : public sql::PassingTx {
public:
    NotingTx(std::unique_ptr<sql::Tx> inner, Texts& texts)
        : PassingTx(std::move(inner)), texts_(texts) {}

protected:
    Task<std::unique_ptr<sql::Result>> query(
        const sql::Statement& statement, sql::Arguments arguments
    ) override {
        note(statement);
        return PassingTx::query(statement, std::move(arguments));
    }
    void queue(const sql::Statement& statement, sql::Arguments arguments) override {
        note(statement);
        PassingTx::queue(statement, std::move(arguments));
    }

private:
    void note(const sql::Statement& statement) {
        texts_.emplace(statement.name, statement.for_dialect(sql::Dialect::postgres));
    }

    Texts& texts_;
};

class PlansTest : public JobsTest {
protected:
    std::unique_ptr<sql::Tx> begin() {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        return std::make_unique<NotingTx>(std::move(tx), texts);
    }
    // With jobs of two hundred people that have ended and what happened in each, some of before the
    // first week and the others of five weeks; and with jobs of two that wait.
    void fill(sql::PostgresSession& session) {
        make_partitions(session, clock.now() - weeks_ahead * 7 * 24h);
        session.rows(
            "SELECT set_config('test.now', $1, false)",
            {std::to_string(clock.now().time_since_epoch().count())}
        );
        session.execute(R"sql(
            INSERT INTO job (id, tenant_id, user_id, type, queue, priority, triggered_by, payload, trace_id, correlation_id,
                             max_attempts, created_at, status, generation, lease_seq, attempts, started_at, finished_at, cost)
            SELECT CAST(lpad(to_hex(current_setting('test.now')::bigint - n * 200000::bigint), 12, '0')
                        || right(replace(gen_random_uuid()::text, '-', ''), 20) AS uuid),
                   1 + n % 20, 11 + n % 200, 'a.one', 'ai', 1, 'api', '{}', gen_random_uuid(),
                   gen_random_uuid(), 3, now(), 'success', 1, 1, 1, now(), now(), 0
            FROM generate_series(1, 20000) AS n;
            INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data)
            SELECT id, 3, tenant_id, created_at, 'info', 'worker', 'Half done', '{}' FROM job;
            INSERT INTO job_step (job_id, generation, name, tenant_id, input_hash, output, attempt, started_at, finished_at, cost)
            SELECT id, 1, 'half', tenant_id, '', '{}', 1, created_at, created_at, 0 FROM job)sql");
        enqueue_many(scratch->alice(), "a.one", 2'000);
        enqueue_many(scratch->bob(), "a.one", 2'000);
        session.execute("ANALYZE job, job_event, job_step, job_hot");
        EXPECT_EQ(session.rows("SELECT count(DISTINCT tableoid) FROM job").at(0).at(0), "6");
    }
    // What a person asks who looks after jobs.
    Task<void> look_on() {
        auto inner = scratch->database().begin(scratch->alice(), sql::Access::read);
        NotingTx tx(std::move(inner), texts);
        auto page = co_await list_jobs(tx, scratch->alice(), types.seal(), {});
        co_await list_events(tx, scratch->alice(), page.items.at(0).id, 0, 100);
        auto of_all = begin();
        auto yesterday = clock.now() - 24h;
        co_await list_all_jobs(*of_all, {.from = yesterday, .to = clock.now()});
        co_await list_all_jobs(*of_all, {.state = State::ready, .from = yesterday});
    }
    // What a worker says in a turn, in a heartbeat and when it looks after the dead.
    Task<void> work() {
        auto now = clock.now();
        auto first = begin();
        promote_due(*first, now);
        auto claims = co_await jobs::claim(*first, {worker, {QueueName::ai}, {"a.one"}, 2, now});
        co_await first->commit();
        auto second = begin();
        auto& jobs = claims.jobs;
        write_outcomes(
            *second, {Ending{jobs.at(0).fence(), Status::success}},
            {handed_back(jobs.at(1).fence(), now)}, now
        );
        co_await beat(*second, worker, 10s, std::vector{jobs.at(0).id}, now);
        co_await second->commit();
        auto third = begin();
        co_await jobs::rescue(*third, {}, now);
        co_await jobs::resolve(*third, 100, now);
        co_await third->commit();
    }

    // As a worker's transactions plan, see plan_by_index().
    static void plan_as_workers(sql::PostgresSession& session) {
        for (const auto* off : {"sort", "bitmapscan", "seqscan", "hashjoin", "mergejoin"})
            session.execute(fmt::format("SET enable_{} = off", off));
        plan_for_all_parameters(session);
    }
    static void plan_for_all_parameters(sql::PostgresSession& session) {
        session.execute("SET plan_cache_mode = force_generic_plan");
    }
    static std::vector<std::string> plan_of(sql::PostgresSession& session, std::string_view text) {
        auto positional = sql::to_positional(text, sql::Dialect::postgres);
        session.execute("PREPARE asked AS " + positional.text);
        std::string nulls;
        for (std::size_t i = 0; i < positional.names.size(); ++i)
            nulls += i == 0 ? "NULL" : ", NULL";
        auto ask = "EXPLAIN EXECUTE asked" + (nulls.empty() ? "" : "(" + nulls + ")");
        std::vector<std::string> plan;
        for (const auto& row : session.rows(ask)) plan.push_back(row.at(0).value());
        session.execute("DEALLOCATE asked");
        return plan;
    }

    // Scans of all that was or waits.
    static std::vector<std::string> whole_scans(const std::vector<std::string>& plan) {
        static const std::regex scan(
            "(Seq Scan on| using) (job_hot|job(_event|_step)?_(default|[0-9]{8}))"
        );
        std::vector<std::string> found;
        for (std::size_t i = 0; i < plan.size(); ++i) {
            std::smatch match;
            if (!std::regex_search(plan[i], match, scan)) continue;
            auto bounded = match[1] == " using" && i + 1 < plan.size() &&
                           plan[i + 1].find("Index Cond") != std::string::npos;
            if (!bounded) found.push_back(plan[i]);
        }
        return found;
    }
    // Scans that no condition bounds.
    static std::vector<std::string> boundless_scans(const std::vector<std::string>& plan) {
        // By table, what the condition of its index has to hold at least.
        const std::map<std::string, std::string, std::less<>> wanted{
            {"Scan using job_hot", "Index Cond"},
            {"Scan using tenant_queue", "(tenant_id = "},
            {"Scan using job_edge", "_id = "},
        };
        std::vector<std::string> found;
        for (std::size_t i = 0; i < plan.size(); ++i) {
            for (const auto& [scan, condition] : wanted) {
                if (plan[i].find(scan) == std::string::npos) continue;
                auto bound = i + 1 < plan.size() ? plan[i + 1] : "";
                if (bound.find("Index Cond") == std::string::npos ||
                    bound.find(condition) == std::string::npos)
                    found.push_back(plan[i]);
            }
        }
        return found;
    }

    Texts texts;
};

// What is ready is found in time beside what is dead (I13).
TEST_P(PlansTest, NeverWalkFromOneEndOfAnIndexToTheOther) {
    sql::PostgresSession session(scratch->url());
    enqueue_many(scratch->alice(), "a.one", 3'000);
    session.execute("DELETE FROM job_hot; DELETE FROM job");
    enqueue_many(scratch->alice(), "a.one", 2);
    run(work());
    // As a vacuum leaves it that could remove nothing.
    session.execute(
        "UPDATE pg_class SET reltuples = 1, relpages = 1000 "
        "WHERE relname LIKE 'job\\_hot%' OR relname LIKE 'tenant\\_queue%'"
    );
    plan_as_workers(session);

    for (const auto& [name, text] : texts)
        EXPECT_THAT(boundless_scans(plan_of(session, text)), IsEmpty()) << name;
    for (const auto* name :
         {"jobs.claim", "jobs.settle", "jobs.end", "jobs.return", "jobs.release",
          "jobs.lock_refused"})
        EXPECT_THAT(texts, Contains(Key(name)));
}

// What is ready is found in time beside what has ended (I13).
TEST_P(PlansTest, FindWhatWorkersNeedByIndexesHoweverMuchHasEnded) {
    sql::PostgresSession session(scratch->url());
    fill(session);
    run(work());
    plan_as_workers(session);

    for (const auto& [name, text] : texts)
        EXPECT_THAT(whole_scans(plan_of(session, text)), IsEmpty()) << name;
    for (const auto* name : {"jobs.look", "jobs.claim", "jobs.end"})
        EXPECT_THAT(texts, Contains(Key(name)));
}

// Joined with each other, what is known of tenants takes the square of their number.
TEST_P(PlansTest, LookAtEachTenantOnce) {
    constexpr int tenants = 200;
    sql::PostgresSession session(scratch->url());
    enqueue_many(scratch->alice(), "a.one", 2 * tenants);
    run(work());
    session.execute(fmt::format(
        "UPDATE job_hot SET state = 'ready', tenant_id = 1 + placed.n % {} FROM "
        "(SELECT id, row_number() OVER () AS n FROM job_hot) placed WHERE placed.id = job_hot.id",
        tenants
    ));
    plan_as_workers(session);
    auto look = sql::to_positional(texts.at("jobs.look"), sql::Dialect::postgres);
    session.execute("PREPARE asked AS " + look.text);
    const std::map<std::string, std::string, std::less<>> wanted{
        {"queues", R"('["ai"]')"},   {"places", "'[]'"}, {"everywhere", "TRUE"},
        {"types", R"('["a.one"]')"}, {"most", "4"},      {"enough", "NULL"},
    };
    std::vector<std::string> values;
    for (const auto& name : look.names) values.push_back(wanted.at(std::string(name)));
    auto ask = fmt::format("EXECUTE asked({})", fmt::join(values, ", "));
    auto found = session.rows(ask).size();
    std::string plan;
    for (const auto& row : session.rows("EXPLAIN ANALYZE " + ask)) plan += row.at(0).value() + "\n";

    static const std::regex passed_by("Rows Removed by Join Filter: ([0-9]+)");
    long rows = 0;
    for (std::sregex_iterator one(plan.begin(), plan.end(), passed_by), end; one != end; ++one)
        rows += std::stol((*one)[1]);
    EXPECT_EQ(found, static_cast<std::size_t>(tenants));
    EXPECT_LE(rows, 5 * tenants) << plan;
}

TEST_P(PlansTest, FindWhatPeopleAskForByIndexesHoweverMuchHasEnded) {
    sql::PostgresSession session(scratch->url());
    fill(session);
    run(look_on());
    plan_for_all_parameters(session);

    for (const auto* name :
         {"jobs.list", "jobs.find_milestones", "jobs.list_events", "jobs.list_all",
          "jobs.list_unfinished"}) {
        ASSERT_THAT(texts, Contains(Key(name)));
        EXPECT_THAT(whole_scans(plan_of(session, texts.at(name))), IsEmpty()) << name;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Databases, PlansTest, testing::Values(sql::Dialect::postgres), sql::dialect_name
);

}  // namespace
}  // namespace afterresume::jobs
