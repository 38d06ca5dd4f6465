// How PostgreSQL goes about what the engine asks for all the time, where it takes the live state
// for nearly empty: beside an old transaction it is that, and full of what is dead.
#include "engine/jobs/release.h"
#include "engine/jobs/testing.h"
#include "infra/sql/postgres_session.h"
#include "infra/sql/testing_tx.h"

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
    // What a worker says in a turn, in a heartbeat and when it looks after the dead.
    Task<void> work() {
        auto now = clock.now();
        auto first = begin();
        promote_due(*first, now);
        auto claims =
            co_await jobs::claim(*first, {worker, {QueueName::ai}, {{"a.one", 1}}, 2, now});
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

    // Scans that no condition bounds, in the plan that serves all parameters.
    std::vector<std::string> boundless_scans(sql::PostgresSession& session, std::string_view text) {
        auto positional = sql::to_positional(text, sql::Dialect::postgres);
        session.execute("PREPARE asked AS " + positional.text);
        std::string nulls;
        for (std::size_t i = 0; i < positional.names.size(); ++i)
            nulls += i == 0 ? "NULL" : ", NULL";
        auto ask = "EXPLAIN EXECUTE asked" + (nulls.empty() ? "" : "(" + nulls + ")");
        std::vector<std::string> plan;
        for (const auto& row : session.rows(ask)) plan.push_back(row.at(0).value());
        session.execute("DEALLOCATE asked");
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
    for (const auto* off : {"sort", "bitmapscan", "seqscan", "hashjoin", "mergejoin"})
        session.execute(fmt::format("SET enable_{} = off", off));
    session.execute("SET plan_cache_mode = force_generic_plan");

    for (const auto& [name, text] : texts)
        EXPECT_THAT(boundless_scans(session, text), IsEmpty()) << name;
    for (const auto* name :
         {"jobs.claim", "jobs.charge", "jobs.end", "jobs.return", "jobs.release",
          "jobs.lock_refused"})
        EXPECT_THAT(texts, Contains(Key(name)));
}

INSTANTIATE_TEST_SUITE_P(
    Databases, PlansTest, testing::Values(sql::Dialect::postgres), sql::dialect_name
);

}  // namespace
}  // namespace afterresume::jobs
