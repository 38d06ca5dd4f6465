#include "engine/jobs/testing.h"
#include "engine/orchestration/testing.h"
#include "engine/workers/worker.h"
#include "infra/sql/migrations.h"
#include "infra/sql/sqlite.h"

#include <boost/asio/co_spawn.hpp>

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <future>
#include <random>

namespace afterresume::workers {
namespace {

sql::SqliteOptions options_of(const std::filesystem::path& file, sql::TableFences fences) {
    sql::SqliteOptions options;
    options.file = file;
    options.fences = std::move(fences);
    return options;
}

Identity an_owner() {
    Identity identity;
    identity.tenant = TenantId{1};
    identity.user = UserId{11};
    identity.role = Role::owner;
    return identity;
}

constexpr std::size_t job_count = 150;

constexpr std::string_view effect_schema = R"sql(
CREATE TABLE effect (
    job_id uuid NOT NULL,
    tenant_id bigint NOT NULL
);)sql";

struct Done {
    std::int64_t done = 1;
};
BOOST_DESCRIBE_STRUCT(Done, (), (done))

// A step, then an effect with the completion. Tells the process that will kill this one of every
// stage.
class Effect : public orchestration::Workflow {
public:
    explicit Effect(int pipe) : pipe_(pipe) {}

    orchestration::Plan steps() const override { return {{.name = "work"}}; }

    Task<void> start(orchestration::Run& run) override {
        auto done = co_await run.step<Done>("work", Done{}, [this](const Done& input) {
            return told(input);
        });
        tell();
        co_await run.finish([&](sql::Tx& tx) { return store(tx, run.job().id, run.scope(), done); }
        );
        tell();
    }

private:
    Task<Done> told(Done input) {
        tell();
        co_return input;
    }
    static Task<Done> store(sql::Tx& tx, jobs::JobId id, Scope scope, Done done) {
        static constexpr sql::Statement statement{
            "test.effect", "INSERT INTO effect (job_id, tenant_id) VALUES (:job_id, :tenant_id)"
        };
        tx.defer(statement, scope, sql::named("job_id", id));
        co_return done;
    }
    void tell() const { EXPECT_EQ(::write(pipe_, "x", 1), 1); }

    int pipe_;
};

// One life of the program over the file.
struct Process {
    explicit Process(const std::filesystem::path& file, sql::TableFences fences)
        : database(sql::open_sqlite(io, options_of(file, std::move(fences)))) {}

    template <class T>
    T run(Task<T> task) {
        std::optional<T> answer;
        auto keep = [&](std::exception_ptr failure, T value) {
            if (failure) std::rethrow_exception(failure);
            answer.emplace(std::move(value));
        };
        boost::asio::co_spawn(io, std::move(task), keep);
        auto busy = boost::asio::make_work_guard(io);
        io.restart();
        while (!answer) io.run_one();
        return std::move(*answer);
    }

    boost::asio::io_context io{1};
    SystemClock clock;
    jobs::JobTypes types;
    jobs::Doorbell doorbell;
    orchestration::Workflows workflows{types};
    orchestration::Anybody rights;
    std::unique_ptr<sql::Database> database;
};

// One, then all but one that come after it, then one that comes after all those.
std::vector<jobs::Node> wide_graph() {
    std::vector<jobs::Node> nodes{{{"k.effect"}}};
    std::vector<std::size_t> middle;
    while (nodes.size() + 1 < job_count) {
        middle.push_back(nodes.size());
        nodes.push_back({{"k.effect"}, {0}});
    }
    nodes.push_back({{"k.effect"}, std::move(middle)});
    return nodes;
}

Task<std::size_t> fill(Process& process, Scope scope) {
    jobs::Queue queue(process.types, process.clock, process.doorbell);
    auto tx = process.database->begin(scope, sql::Access::write);
    auto ids = queue.enqueue_all(*tx, jobs::origin_of(scope), wide_graph());
    co_await tx->commit();
    co_return ids.size();
}

Task<std::size_t> work(Worker& worker) {
    co_await worker.open();
    auto made = co_await worker.work_until_idle();
    co_return made;
}

void live(const std::filesystem::path& file, sql::TableFences fences, int pipe) {
    Process process(file, std::move(fences));
    process.workflows.add({.name = "k.effect"}, std::make_unique<Effect>(pipe));
    WorkPool pool(1);
    observability::Log log(observability::Level::error, observability::LogFormat::text, stderr);
    Worker worker(
        {process.io, *process.database, process.workflows, process.rights, process.doorbell, pool,
         process.clock, log},
        {.rescue_cap = 1'000, .rescue_apart = std::chrono::milliseconds(0)}
    );
    process.run(work(worker));
}

// A thread of its own, because this one's store of random bytes is its parent's.
[[noreturn]] void live_and_exit(
    const std::filesystem::path& file, const sql::TableFences& fences, int pipe
) {
    auto life = std::async(std::launch::async, [&] { live(file, fences, pipe); });
    try {
        life.get();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        ::_exit(1);
    }
    ::_exit(0);
}

// Kills the child after so many stages; whether it ended by itself before that.
bool ends_within(int stages, const std::filesystem::path& file, const sql::TableFences& fences) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    auto child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        live_and_exit(file, fences, ends[1]);
    }
    ::close(ends[1]);
    char byte = 0;
    for (int i = 0; i < stages && ::read(ends[0], &byte, 1) == 1; ++i) {
    }
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(ends[0]);
    if (WIFEXITED(status)) EXPECT_EQ(WEXITSTATUS(status), 0);
    return WIFEXITED(status);
}

Task<std::vector<std::int64_t>> count(Process& process, Scope scope) {
    static constexpr sql::Statement statement{
        "test.count", R"sql(
        SELECT count(*) AS count FROM effect WHERE tenant_id = :tenant_id
        UNION ALL SELECT count(DISTINCT job_id) FROM effect WHERE tenant_id = :tenant_id
        UNION ALL SELECT count(*) FROM job WHERE tenant_id = :tenant_id AND status = 'success')sql"
    };
    auto tx = process.database->begin(scope, sql::Access::read);
    auto counts = co_await tx->all<std::int64_t>(statement, scope);
    co_return counts;
}

// Nothing is doubled (I3), and every job ends (I4).
TEST(KilledProcess, LosesNoJobAndDoublesNoEffectWheneverItIsKilled) {
    auto folder = std::filesystem::temp_directory_path() / ("ar_kill_" + Uuid::random().text());
    std::filesystem::create_directories(folder);
    auto files = jobs::engine_schema();
    files.push_back({"0011_effect.sql", effect_schema});
    auto fences = sql::table_fences(files);
    sql::migrate_sqlite(folder / "k.db", files);
    auto scope = ScopeMint::mint(an_owner());
    {
        Process first(folder / "k.db", fences);
        first.workflows.add({.name = "k.effect"}, std::make_unique<Effect>(-1));
        ASSERT_EQ(first.run(fill(first, scope)), job_count);
    }
    std::minstd_rand random(7);
    int kills = 0;

    while (!ends_within(std::uniform_int_distribution<int>(1, 40)(random), folder / "k.db", fences))
        ++kills;

    Process last(folder / "k.db", fences);
    EXPECT_GT(kills, 10);
    EXPECT_THAT(last.run(count(last, scope)), testing::Each(job_count));
    EXPECT_THAT(
        last.run(jobs::find_violations(*last.database, {.rescue_cap = 1'000, .claimable_since = {}})
        ),
        testing::IsEmpty()
    );
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace afterresume::workers
