#include "subject.h"

#include "core/scope_mint.h"
#include "embedded/migrations.h"
#include "engine/jobs/partitions.h"
#include "engine/orchestration/testing.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace afterresume::bench {

namespace {

constexpr std::size_t least_at_once = 100;
constexpr std::size_t most_at_once = 1'000;
constexpr jobs::Backoff moment{std::chrono::milliseconds(100), std::chrono::milliseconds(100)};
// A warning for each job that fails would be what is measured.
observability::Level worth_telling(Work work) {
    return work == Work::retry ? observability::Level::error : observability::Level::warning;
}
constexpr std::string_view job_type = "bench.job";
constexpr EmbeddedFile effects{"9000_bench.sql", R"sql(
    CREATE TABLE bench_effect (id uuid PRIMARY KEY NOT NULL, tenant_id bigint NOT NULL);
)sql"};

std::vector<EmbeddedFile> schema() {
    std::vector<EmbeddedFile> files(embedded::migrations().begin(), embedded::migrations().end());
    files.push_back(effects);
    return files;
}

struct Done {
    bool ok = true;
};
BOOST_DESCRIBE_STRUCT(Done, (), (ok))

class Job : public orchestration::Workflow {
public:
    Job(Work work, const std::function<void(const jobs::Claimed&)>& started)
        : work_(work), started_(started) {}

    Task<void> start(orchestration::Run& run) override {
        if (started_) started_(run.job());
        if (work_ == Work::retry && Subject::fails(run.job()))
            throw Error(ErrorKind::unavailable, "bench.away", "Not yet.");
        if (work_ != Work::write) {
            run.conclude(Done{});
        } else {
            co_await run.finish([&](sql::Tx& tx) { return write(tx, run); });
        }
    }

private:
    static Task<Done> write(sql::Tx& tx, const orchestration::Run& run) {
        static constexpr sql::Statement insert{
            "bench.write", "INSERT INTO bench_effect (id, tenant_id) VALUES (:id, :tenant_id)"
        };
        tx.defer(insert, run.scope(), sql::named("id", run.job().id));
        co_return Done{};
    }

    Work work_;
    const std::function<void(const jobs::Claimed&)>& started_;
};

}  // namespace

Subject::Subject(sql::Dialect dialect, Work work, Kept kept)
    : scratch_(dialect, schema()),
      rights_(std::make_unique<orchestration::Anybody>()),
      log_(worth_telling(work), observability::LogFormat::json, stderr) {
    if (kept == Kept::sealed) types_.seal_with(jobs::PayloadSeal({std::string(32, 's')}));
    if (dialect == sql::Dialect::postgres) {
        sql::PostgresSession owner(scratch_.url());
        jobs::make_partitions(owner, clock_.now() - history);
        jobs::make_partitions(owner, clock_.now());
    }
    workflows_.add(
        {.name = std::string(job_type), .backoff = moment}, std::make_unique<Job>(work, started_)
    );
}

Scope Subject::tenant(std::size_t number) {
    auto offset = static_cast<std::int64_t>(number);
    return ScopeMint::mint(
        orchestration::member_of(TenantId{10'000'000 + offset}, UserId{20'000'000 + offset})
    );
}

bool Subject::fails(const jobs::Claimed& job) {
    return job.attempts == 1 && std::hash<Uuid>{}(job.id) % 3 == 0;
}

Task<void> Subject::enqueue(Scope scope) {
    auto tx = scratch_.database().begin(scope, sql::Access::write);
    co_await queue_.enqueue(*tx, jobs::origin_of(scope), {std::string(job_type), R"({"entry":7})"});
    co_await tx->commit();
}

Task<void> Subject::fill(std::size_t& left, std::size_t tenants) {
    auto at_once = std::clamp(left / tenants, least_at_once, most_at_once);
    while (left > 0) {
        auto scope = tenant(turn_++ % tenants);
        auto count = std::min(at_once, left);
        left -= count;
        auto tx = scratch_.database().begin(scope, sql::Access::write);
        queue_.enqueue_all(
            *tx, jobs::origin_of(scope),
            std::vector<jobs::Node>(count, {{std::string(job_type), R"({"entry":7})"}})
        );
        co_await tx->commit();
    }
}

std::unique_ptr<workers::Worker> Subject::make_worker(std::size_t concurrency) {
    workers::Parts parts{
        scratch_.io(), scratch_.database(), workflows_, *rights_, doorbell_, pool_, clock_, log_,
        &metrics_
    };
    auto worker =
        std::make_unique<workers::Worker>(parts, workers::Options{.concurrency = concurrency});
    scratch_.run(worker->open());
    return worker;
}

Task<void> Subject::sleep_until(Steady::time_point time) {
    boost::asio::steady_timer timer(scratch_.io(), time);
    boost::system::error_code ignored;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
}

Task<std::int64_t> Subject::live() {
    static constexpr sql::Statement statement{"bench.live", "SELECT count(*) FROM job_hot"};
    auto tx = scratch_.database().begin_engine(sql::Access::read);
    auto jobs = co_await tx->one<std::int64_t>(statement);
    co_return jobs;
}

Task<std::int64_t> Subject::log_written() {
    static constexpr sql::Statement statement{
        "bench.log_written", "SELECT CAST(pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS bigint)"
    };
    if (scratch_.dialect() == sql::Dialect::sqlite) co_return 0;
    auto tx = scratch_.database().begin_engine(sql::Access::read);
    auto bytes = co_await tx->one<std::int64_t>(statement);
    co_return bytes;
}

}  // namespace afterresume::bench
