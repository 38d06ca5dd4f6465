// A process of the engine that is there to be broken: killed, paused, cut off from its database.
// It writes down every call that would cost something, which is what break_engine.py holds against
// the database afterwards. DATABASE is a PostgreSQL URL or a SQLite file:
//   fault-worker DATABASE migrate
//   fault-worker DATABASE enqueue TYPE COUNT    "acknowledged N" for each commit, 100 jobs or less
//   fault-worker DATABASE work CALLS [options]  until no job is unfinished, or SIGTERM
//   fault-worker DATABASE look                  what there is, as a line of JSON
//   fault-worker DATABASE steps                 "JOB STEP TIME" for each that is kept, in
//   milliseconds
#include "faulty_database.h"
#include "seen.h"
#include "workflows.h"

#include "core/scope_mint.h"
#include "embedded/migrations.h"
#include "engine/jobs/queue.h"
#include "engine/orchestration/testing.h"
#include "engine/workers/worker.h"
#include "infra/sql/migrations.h"
#include "infra/sql/postgres.h"
#include "infra/sql/sqlite.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/url/parse.hpp>

#include <CLI/CLI.hpp>

namespace afterresume::faults {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr std::size_t at_once = 100;
constexpr milliseconds one_jump{5'000};

struct Wishes {
    std::string database;
    std::string type;
    std::size_t count = 0;
    std::string calls;
    std::vector<std::string> unknown;
    std::string place;
    int passage = 1;
    std::size_t concurrency = 8;
    std::int64_t call_ms = 0;
    std::int64_t lease_ms = 2'000;
    std::int64_t grace_ms = 5'000;
    std::int64_t rescue_cap = 1'000;
    std::int64_t clock_ms = 0;
    bool stay = false;
};

bool on_postgres(const std::string& database) { return database.starts_with("postgres"); }

std::vector<EmbeddedFile> schema() {
    std::vector<EmbeddedFile> files(embedded::migrations().begin(), embedded::migrations().end());
    files.insert(files.end(), {effects, ends_on_postgres, ends_on_sqlite});
    return files;
}

sql::PostgresRoles roles_of(const std::string& url) {
    auto path = boost::urls::parse_uri(url).value().path();
    return sql::roles_of(path.substr(1), [](const std::string& role) { return role; });
}

void migrate(const std::string& database) {
    if (on_postgres(database)) {
        sql::migrate_postgres({.url = database, .roles = roles_of(database)}, schema());
    } else {
        sql::migrate_sqlite(database, schema());
    }
}

std::unique_ptr<sql::Database> open(asio::io_context& io, const std::string& database) {
    if (on_postgres(database)) {
        auto roles = roles_of(database);
        return sql::open_postgres(io, {.url = database, .app = roles.app, .engine = roles.engine});
    }
    sql::SqliteOptions options;
    options.file = database;
    options.fences = sql::table_fences(schema());
    return sql::open_sqlite(io, std::move(options));
}

// A node's own clock: wrong by so much, and put forward or back while it runs.
class NodeClock : public Clock {
public:
    explicit NodeClock(milliseconds offset) : offset_(offset) {}
    Timestamp now() const override { return SystemClock{}.now() + offset_.load(); }
    void jump(milliseconds by) { offset_ = offset_.load() + by; }

private:
    std::atomic<milliseconds> offset_;
};

// What a process of the engine consists of.
struct Process {
    explicit Process(Wishes given) : wishes(std::move(given)) {
        add_workflows(workflows, calls, failpoint, milliseconds(wishes.call_ms), wishes.unknown);
    }

    Wishes wishes;
    asio::io_context io{1};
    NodeClock clock{milliseconds(wishes.clock_ms)};
    jobs::Doorbell doorbell;
    jobs::JobTypes types;
    orchestration::Workflows workflows{types};
    orchestration::Anybody rights;
    WorkPool pool{1};
    observability::Log log{observability::Level::info, observability::LogFormat::text, stderr};
    Calls calls{wishes.calls};
    Failpoint failpoint{wishes.place, wishes.passage};
    std::unique_ptr<sql::Database> opened = open(io, wishes.database);
    FaultyDatabase database{*opened, failpoint};
};

// Three tenants take turns.
Task<void> enqueue(Process& process) {
    jobs::Queue queue(process.types, process.clock, process.doorbell);
    for (std::size_t made = 0, count = 0; made < process.wishes.count; made += count) {
        auto number = static_cast<std::int64_t>(made / at_once % 3);
        auto scope =
            ScopeMint::mint(orchestration::member_of(TenantId{1 + number}, UserId{11 + number}));
        count = std::min(at_once, process.wishes.count - made);
        auto tx = process.database.begin(scope, sql::Access::write);
        std::vector<jobs::Node> nodes(count, jobs::Node{{process.wishes.type}});
        queue.enqueue_all(*tx, jobs::origin_of(scope), std::move(nodes));
        co_await tx->commit();
        fmt::print("acknowledged {}\n", count);
        std::fflush(stdout);
    }
}

Task<bool> is_over(sql::Database& database) {
    static constexpr sql::Statement statement{
        "faults.left", "SELECT count(*) AS left FROM job_hot"
    };
    try {
        auto tx = database.begin_engine(sql::Access::read);
        auto left = co_await tx->one<std::int64_t>(statement);
        co_return left == 0;
    } catch (const Error&) {
        co_return false;
    }
}

// SIGUSR1 puts the clock forward, SIGUSR2 back.
Task<void> jump_when_told(NodeClock& clock, asio::signal_set& signals) {
    for (;;) {
        boost::system::error_code ended;
        auto number = co_await signals.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        if (ended) co_return;
        clock.jump(number == SIGUSR1 ? one_jump : -one_jump);
    }
}

Task<void> stop_when_over(Process& process, workers::Worker& worker, asio::signal_set& signals) {
    bool told = false;
    signals.async_wait([&](boost::system::error_code error, int) { told = !error; });
    asio::steady_timer timer(process.io);
    while (!told && (process.wishes.stay || !co_await is_over(*process.opened))) {
        timer.expires_after(milliseconds(20));
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    co_await worker.stop(milliseconds(process.wishes.grace_ms));
    signals.cancel();
}

Task<void> work(Process& process) {
    milliseconds lease(process.wishes.lease_ms);
    workers::Parts parts{process.io,       process.database, process.workflows, process.rights,
                         process.doorbell, process.pool,     process.clock,     process.log};
    if (on_postgres(process.wishes.database))
        parts.open_for_beat = [&](auto& io) { return open(io, process.wishes.database); };
    workers::Worker worker(
        parts, {.concurrency = process.wishes.concurrency,
                .lease = lease,
                .beat = lease / 4,
                .margin = lease / 10,
                .rescue_every = lease / 8,
                .longest_poll = milliseconds(100),
                .rescue_cap = process.wishes.rescue_cap,
                .rescue_apart = lease}
    );
    co_await worker.open();
    fmt::print("working\n");
    std::fflush(stdout);
    asio::signal_set signals(process.io, SIGTERM);
    asio::signal_set jumps(process.io, SIGUSR1, SIGUSR2);
    asio::co_spawn(process.io, jump_when_told(process.clock, jumps), asio::detached);
    asio::co_spawn(process.io, worker.run(), asio::detached);
    co_await stop_when_over(process, worker, signals);
}

int run(Process& process, Task<void> act) {
    std::exception_ptr failed;
    asio::co_spawn(process.io, std::move(act), [&](std::exception_ptr error) {
        failed = std::move(error);
        process.io.stop();
    });
    auto busy = asio::make_work_guard(process.io);
    process.io.run();
    if (failed) std::rethrow_exception(failed);
    return 0;
}

int obey(int count, char** words) {
    Wishes wishes;
    CLI::App app("A process of the engine that is there to be broken");
    app.require_subcommand(1);
    app.add_option("database", wishes.database)->required();
    auto* migrating = app.add_subcommand("migrate");
    auto* enqueueing = app.add_subcommand("enqueue");
    enqueueing->add_option("type", wishes.type)->required();
    enqueueing->add_option("count", wishes.count)->required();
    auto* working = app.add_subcommand("work");
    working->add_option("calls", wishes.calls)->required();
    working->add_option("--unknown", wishes.unknown, "Types that this build does not know");
    working->add_option("--concurrency", wishes.concurrency);
    working->add_option("--call-ms", wishes.call_ms, "How long a call takes");
    working->add_option("--lease-ms", wishes.lease_ms);
    working->add_option("--grace-ms", wishes.grace_ms, "What running jobs get after SIGTERM");
    working->add_option("--clock-ms", wishes.clock_ms, "By how much its clock is ahead");
    working->add_flag("--stay", wishes.stay, "Work until SIGTERM");
    auto* looking = app.add_subcommand("look");
    auto* listing = app.add_subcommand("steps");
    for (auto* one : {enqueueing, working}) {
        one->add_option("--kill-at", wishes.place, "A place of workflows.h or faulty_database.h");
        one->add_option("--passage", wishes.passage, "The how-manieth passage of it kills");
    }
    for (auto* one : {working, looking}) one->add_option("--rescue-cap", wishes.rescue_cap);
    CLI11_PARSE(app, count, words);
    if (migrating->parsed()) {
        migrate(wishes.database);
        return 0;
    }
    Process process(std::move(wishes));
    if (enqueueing->parsed()) return run(process, enqueue(process));
    if (listing->parsed()) return run(process, list_steps(*process.opened));
    if (looking->parsed()) return run(process, look(*process.opened, process.wishes.rescue_cap));
    return run(process, work(process));
}

}  // namespace
}  // namespace afterresume::faults

int main(int count, char** words) {
    try {
        return afterresume::faults::obey(count, words);
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
