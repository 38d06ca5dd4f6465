// Measures whether claims stay as fast when there is much, on SQLite or on the PostgreSQL of
// TEST_DATABASE_URL (tools/with-postgres --durable); a line of JSON tells what was seen:
//   jobs-scale claims sqlite|postgres QUEUED HISTORY   (HISTORY on PostgreSQL only)
//   jobs-scale neighbour sqlite|postgres QUEUED A_SECOND
#include "subject.h"
#include "words.h"

#include "engine/jobs/claims.h"
#include "engine/jobs/outcomes.h"
#include "engine/jobs/processes.h"

#include <boost/asio/detached.hpp>

#include <algorithm>

namespace afterresume::bench {
namespace {

namespace asio = boost::asio;

constexpr std::size_t tenants = 100;
constexpr int claims_measured = 1'000;

void tell(std::vector<double> waits) {
    if (waits.empty()) throw std::logic_error("nothing was measured");
    std::ranges::sort(waits);
    fmt::print(
        R"({{"p50": {:.3f}, "p99": {:.3f}, "of": {}}})"
        "\n",
        waits[waits.size() / 2], waits[waits.size() * 99 / 100], waits.size()
    );
}

double milliseconds_since(Steady::time_point begun) {
    return std::chrono::duration<double, std::milli>(Steady::now() - begun).count();
}

// Copies of one job that has ended, each a tenth of a second older than the one before.
void add_history(sql::ScratchDatabase& scratch, std::size_t rows) {
    scratch.execute_as_owner(fmt::format(
        R"sql(
        INSERT INTO job
        SELECT (jsonb_populate_record(one.ended, jsonb_build_object('id', CAST(
            lpad(to_hex(CAST(extract(epoch FROM one.created_at) * 1000 AS bigint) - g * 100), 12, '0')
            || '70008000' || lpad(to_hex(g), 12, '0') AS uuid)))).*
        FROM (SELECT job AS ended, created_at FROM job WHERE status IS NOT NULL LIMIT 1) one, generate_series(1, {0}) g;
        ANALYZE job;)sql",
        rows
    ));
}

Task<double> claim_and_end_one(sql::Database& database, Uuid worker) {
    auto now = SystemClock{}.now();
    auto begun = Steady::now();
    auto tx = database.begin_engine(sql::Access::write);
    jobs::plan_by_index(*tx);
    auto claims = co_await jobs::claim(*tx, {worker, {jobs::QueueName::ai}, {"bench.job"}, 1, now});
    co_await tx->commit();
    auto took = milliseconds_since(begun);
    tx = database.begin_engine(sql::Access::write);
    std::vector<jobs::Ending> endings;
    for (const auto& job : claims.jobs) endings.push_back({job.fence()});
    jobs::complete(*tx, endings, now);
    co_await tx->commit();
    if (claims.jobs.empty()) throw std::logic_error("a claim found nothing");
    co_return took;
}

Task<void> add_worker(sql::Database& database, Uuid worker) {
    auto tx = database.begin_engine(sql::Access::write);
    jobs::register_worker(*tx, worker, std::chrono::hours(1), {}, SystemClock{}.now());
    co_await tx->commit();
}

void claims(Words words) {
    Subject subject(dialect_of(words[0]), Work::nothing);
    auto& scratch = subject.scratch();
    auto worker = Uuid::random();
    auto left = number(words[1]);
    scratch.run(add_worker(scratch.database(), worker));
    scratch.run(subject.fill(left, tenants));
    scratch.run(claim_and_end_one(scratch.database(), worker));
    if (auto history = number(words[2]); history > 0) add_history(scratch, history);
    std::vector<double> waits;
    for (int i = 0; i < claims_measured; ++i)
        waits.push_back(scratch.run(claim_and_end_one(scratch.database(), worker)));
    tell(std::move(waits));
}

Task<void> call_while_busy(
    Subject& subject, double a_second, const std::size_t& begun, std::size_t all,
    std::vector<Steady::time_point>& called
) {
    auto apart =
        std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(1 / a_second));
    while (begun < all) {
        called.push_back(Steady::now());
        co_await subject.enqueue(Subject::tenant(1));
        co_await subject.sleep_until(Steady::now() + apart);
    }
}

// How long one tenant's jobs wait while those of another are worked off.
void neighbour(Words words) {
    Subject subject(dialect_of(words[0]), Work::nothing);
    auto& scratch = subject.scratch();
    auto all = number(words[1]);
    auto left = all;
    scratch.run(subject.fill(left, 1));
    std::size_t begun = 0;
    std::vector<Steady::time_point> called;
    std::vector<double> waits;
    subject.on_start([&](const jobs::Claimed& job) {
        if (job.tenant_id == Subject::tenant(0).tenant()) {
            ++begun;
        } else {
            waits.push_back(milliseconds_since(called[waits.size()]));
        }
    });
    auto worker = subject.make_worker(250);
    asio::co_spawn(scratch.io(), worker->run(), asio::detached);
    scratch.run(call_while_busy(subject, std::atof(words[2]), begun, all, called));
    scratch.run(worker->stop(std::chrono::seconds(5)));
    tell(std::move(waits));
}

int measure(Words words) {
    std::string_view what = words.size() == 5 ? words[1] : "";
    if (what == "claims") {
        claims(words.subspan(2));
    } else if (what == "neighbour") {
        neighbour(words.subspan(2));
    } else {
        fmt::print(stderr, "usage: see the head of jobs_scale.cpp\n");
        return 2;
    }
    return 0;
}

}  // namespace
}  // namespace afterresume::bench

int main(int count, char** words) {
    return afterresume::bench::measure({words, static_cast<std::size_t>(count)});
}
