#include "core/scope_mint.h"
#include "infra/sql/migrations.h"
#include "infra/sql/sqlite.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/describe/class.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <array>
#include <vector>

namespace afterresume::sql {
namespace {

namespace asio = boost::asio;

constexpr std::array schema{EmbeddedFile{
    "0001_scratch.sql",
    "CREATE TABLE thing (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, content text NOT NULL);"
}};
constexpr Statement insert{
    "thing.insert", "INSERT INTO thing (id, tenant_id, content) VALUES (:id, :tenant_id, :content)"
};
constexpr Statement ids{"thing.ids", "SELECT id FROM thing ORDER BY id"};

struct Thing {
    std::int64_t id = 0;
    std::string content;
};
BOOST_DESCRIBE_STRUCT(Thing, (), (id, content))

Scope somebody() {
    Identity identity;
    identity.tenant = TenantId{1};
    return ScopeMint::mint(identity);
}

class SqliteDurabilityTest : public testing::Test {
protected:
    SqliteDurabilityTest() {
        std::filesystem::create_directory(folder);
        options.file = folder / "a.db";
        migrate_sqlite(options.file, schema);
        if (::pipe(acks) != 0) throw std::runtime_error("no pipe");
    }
    ~SqliteDurabilityTest() override {
        ::close(acks[0]);
        std::filesystem::remove_all(folder);
    }

    // The ids that the child acknowledges, until `enough` came or the child ended.
    std::vector<std::int64_t> acknowledged(std::size_t enough) {
        std::vector<std::int64_t> out;
        std::int64_t id = 0;
        while (out.size() < enough && ::read(acks[0], &id, sizeof id) == sizeof id)
            out.push_back(id);
        return out;
    }

    static Task<void> read_ids(
        Database& database, const Scope& scope, std::vector<std::int64_t>& out
    ) {
        out = co_await database.begin(scope, Access::read)->all<std::int64_t>(ids);
    }

    std::vector<std::int64_t> kept() {
        asio::io_context io{1};
        auto database = open_sqlite(io, options);
        std::vector<std::int64_t> out;
        auto scope = somebody();
        asio::co_spawn(io, read_ids(*database, scope, out), asio::detached);
        io.run();
        return out;
    }

    std::filesystem::path folder = std::filesystem::temp_directory_path() / Uuid::random().text();
    SqliteOptions options;
    int acks[2] = {-1, -1};
};

Task<void> write_for_ever(Database& database, const Scope& scope, std::int64_t& next, int acks) {
    for (;;) {
        Thing thing{next++, std::string(200, 'x')};
        auto tx = database.begin(scope, Access::write);
        if (thing.id % 3 == 0) {
            co_await tx->execute(insert, scope, thing);
        } else {
            tx->defer(insert, scope, thing);
        }
        co_await tx->commit();
        if (::write(acks, &thing.id, sizeof thing.id) != sizeof thing.id) ::_exit(1);
    }
}

TEST_F(SqliteDurabilityTest, LosesNothingThatWasAcknowledgedBeforeAKill) {
    constexpr std::size_t enough = 500;
    auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        asio::io_context io{1};
        auto database = open_sqlite(io, options);
        auto scope = somebody();
        std::int64_t next = 1;
        for (int task = 0; task < 8; ++task)
            asio::co_spawn(io, write_for_ever(*database, scope, next, acks[1]), asio::detached);
        io.run();
        ::_exit(1);
    }
    ::close(acks[1]);

    auto seen = acknowledged(enough);
    ::kill(child, SIGKILL);
    auto late = acknowledged(SIZE_MAX);
    ::waitpid(child, nullptr, 0);
    seen.insert(seen.end(), late.begin(), late.end());
    std::sort(seen.begin(), seen.end());

    auto found = kept();
    EXPECT_GE(seen.size(), enough);
    EXPECT_TRUE(std::includes(found.begin(), found.end(), seen.begin(), seen.end()));
}

// Writes until the disk is full, acknowledging each; then makes room and writes once more.
Task<void> fill_the_disk(Database& database, const Scope& scope, int acks, int& outcome) {
    std::int64_t id = 0;
    std::string code;
    while (code.empty()) {
        Thing thing{++id, std::string(3'000, 'x')};
        try {
            auto tx = database.begin(scope, Access::write);
            tx->defer(insert, scope, thing);
            co_await tx->commit();
            if (::write(acks, &thing.id, sizeof thing.id) != sizeof thing.id) ::_exit(1);
        } catch (const Error& error) {
            code = error.code();
        }
    }
    rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto tx = database.begin(scope, Access::write);
    tx->defer(insert, scope, Thing{++id, "after"});
    co_await tx->commit();
    if (::write(acks, &id, sizeof id) != sizeof id) ::_exit(1);
    outcome = code == "sql.disk_full" ? 0 : 2;
}

TEST_F(SqliteDurabilityTest, SaysThatTheDiskIsFullAndGoesOnWhenThereIsRoom) {
    auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        limit.rlim_cur = 300'000;
        ::setrlimit(RLIMIT_FSIZE, &limit);
        asio::io_context io{1};
        auto scope = somebody();
        int outcome = 3;
        auto database = open_sqlite(io, options);
        asio::co_spawn(io, fill_the_disk(*database, scope, acks[1], outcome), asio::detached);
        io.run();
        ::_exit(outcome);
    }
    ::close(acks[1]);

    auto seen = acknowledged(SIZE_MAX);
    int status = 0;
    ::waitpid(child, &status, 0);

    EXPECT_EQ(WEXITSTATUS(status), 0);
    EXPECT_GT(seen.size(), 10);
    EXPECT_EQ(kept(), seen);
}

}  // namespace
}  // namespace afterresume::sql
