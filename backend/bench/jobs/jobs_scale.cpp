// Measures whether claims stay as fast when there is much, on SQLite or on the PostgreSQL of
// TEST_DATABASE_URL (tools/with-postgres --durable); a line of JSON tells what was seen:
//   jobs-scale claims sqlite|postgres QUEUED HISTORY   (HISTORY on PostgreSQL only)
//   jobs-scale neighbour sqlite|postgres QUEUED A_SECOND
#include "subject.h"
#include "words.h"

#include "engine/jobs/claims.h"
#include "engine/jobs/outcomes.h"
#include "engine/jobs/processes.h"
#include "engine/workers/lookout.h"

#include <boost/asio/detached.hpp>

#include <algorithm>

namespace afterresume::bench {
namespace {

namespace asio = boost::asio;

constexpr std::size_t tenants = 100;
constexpr int claims_measured = 1'000;
// Far beyond what is allowed.
constexpr std::chrono::seconds patience{30};

// In milliseconds; of a hundred at least.
std::string quantiles(std::vector<double> waits, std::string_view prefix = "") {
    if (waits.size() < 100) throw std::logic_error("too few were measured");
    std::ranges::sort(waits);
    return fmt::format(
        R"("{0}p50": {1:.3f}, "{0}p99": {2:.3f})", prefix, waits[waits.size() / 2],
        waits[waits.size() * 99 / 100]
    );
}

double milliseconds_since(Steady::time_point begun) {
    return std::chrono::duration<double, std::milli>(Steady::now() - begun).count();
}

// Copies of one job that has ended, evenly over the weeks before.
void add_history(sql::ScratchDatabase& scratch, std::size_t rows) {
    auto apart = std::chrono::milliseconds(history).count() / static_cast<std::int64_t>(rows);
    scratch.execute_as_owner(fmt::format(
        R"sql(
        DO $$ DECLARE others text; BEGIN
            SELECT string_agg(quote_ident(attname), ', ') INTO others FROM pg_attribute
            WHERE attrelid = 'job'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'id';
            EXECUTE format($sql$
                INSERT INTO job (id, %1$s)
                SELECT CAST(lpad(to_hex(CAST(extract(epoch FROM created_at) * 1000 AS bigint) - g * {1}), 12, '0')
                            || '70008000' || lpad(to_hex(g), 12, '0') AS uuid), %1$s
                FROM (SELECT * FROM job WHERE status IS NOT NULL LIMIT 1) one, generate_series(1::bigint, {0}) g$sql$, others);
        END $$)sql",
        rows, apart
    ));
}

// As autovacuum and the checkpointer leave a database on which nothing was written in bulk just
// now.
void settle(sql::ScratchDatabase& scratch) {
    if (scratch.dialect() == sql::Dialect::sqlite) return;
    scratch.execute_as_owner("VACUUM ANALYZE");
    scratch.execute_as_owner("CHECKPOINT");
}

// Claims as a worker does that takes one job at a time.
class Claimer {
public:
    explicit Claimer(sql::Database& database) : database_(database) {}

    Task<void> sign_on() {
        auto tx = database_.begin_engine(sql::Access::write);
        jobs::register_worker(*tx, worker_, std::chrono::hours(1), {}, SystemClock{}.now());
        co_await tx->commit();
    }
    // Looks where the worker would, or everywhere; milliseconds until the claim was durable.
    Task<double> claim_and_end_one(bool everywhere) {
        auto now = SystemClock{}.now();
        auto begun = Steady::now();
        auto look = everywhere ? jobs::Look::everywhere : lookout_.next(false, begun);
        auto tx = database_.begin_engine(sql::Access::write);
        jobs::plan_by_index(*tx);
        jobs::promote_due(*tx, now, lookout_.due_since(look));
        auto claims = co_await jobs::claim(
            *tx, {worker_, {jobs::QueueName::ai}, {"bench.job"}, 1, now, look, places_}
        );
        co_await tx->commit();
        auto took = milliseconds_since(begun);
        lookout_.looked(look, begun, Steady::now(), now);
        places_ = std::move(claims.places);
        if (claims.jobs.empty()) throw std::logic_error("a claim found nothing");
        tx = database_.begin_engine(sql::Access::write);
        jobs::complete(*tx, {{claims.jobs.front().fence()}}, now);
        co_await tx->commit();
        co_return took;
    }

private:
    sql::Database& database_;
    Uuid worker_ = Uuid::random();
    workers::Lookout lookout_;
    jobs::Places places_;
};

std::vector<double> measured(sql::ScratchDatabase& scratch, Claimer& claimer, bool everywhere) {
    std::vector<double> waits;
    for (int i = 0; i < claims_measured; ++i)
        waits.push_back(scratch.run(claimer.claim_and_end_one(everywhere)));
    return waits;
}

void claims(Words words) {
    Subject subject(dialect_of(words[0]), Work::nothing);
    auto& scratch = subject.scratch();
    Claimer claimer(scratch.database());
    auto left = number(words[1]);
    scratch.run(claimer.sign_on());
    scratch.run(subject.fill(left, tenants));
    scratch.run(claimer.claim_and_end_one(true));
    if (auto rows = number(words[2]); rows > 0) add_history(scratch, rows);
    settle(scratch);
    auto usual = quantiles(measured(scratch, claimer, false));
    auto everywhere = quantiles(measured(scratch, claimer, true), "everywhere_");
    fmt::print("{{{}, {}}}\n", usual, everywhere);
}

Task<void> call_while_busy(
    Subject& subject, double a_second, const std::size_t& begun, std::size_t all,
    std::vector<Steady::time_point>& called, const std::vector<double>& waits
) {
    auto apart =
        std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(1 / a_second));
    while (begun < all) {
        called.push_back(Steady::now());
        co_await subject.enqueue(Subject::tenant(1));
        co_await subject.sleep_until(Steady::now() + apart);
    }
    auto end = Steady::now() + patience;
    while (waits.size() < called.size()) {
        if (Steady::now() > end) throw std::logic_error("not every job beside the flood was begun");
        co_await subject.sleep_until(Steady::now() + std::chrono::milliseconds(1));
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
    scratch.run(call_while_busy(subject, std::atof(words[2]), begun, all, called, waits));
    scratch.run(worker->stop(std::chrono::seconds(5)));
    fmt::print("{{{}}}\n", quantiles(std::move(waits)));
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
