#include "infra/sql/postgres.h"

#include "infra/sql/postgres_session.h"
#include "infra/sql/testing.h"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gmock/gmock.h>

namespace afterresume::sql {

namespace {

using testing::ElementsAre;

constexpr std::string_view schema = R"(
CREATE TABLE note (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, text text NOT NULL);
)";

constexpr Statement insert{
    .name = "note.insert",
    .text = "INSERT INTO note (id, tenant_id, text) VALUES (:id, :tenant_id, 'x')"
};
constexpr Statement ids{.name = "note.ids", .text = "SELECT id FROM note ORDER BY id"};
constexpr Statement lock_note{
    .name = "note.lock", .text = "SELECT id FROM note WHERE id = :id FOR UPDATE"
};
constexpr Statement settings{
    .name = "settings",
    .text =
        "SELECT current_setting('app.tenant_id', true) || '/' || "
        "current_setting('synchronous_commit')"
};

class PostgresDriver : public testing::Test {
protected:
    void SetUp() override {
        if (!test_server_url()) GTEST_SKIP() << "TEST_DATABASE_URL is not set";
        scratch_.emplace(Dialect::postgres, schema);
    }
    Database& database() { return scratch_->database(); }
    const Scope& alice() { return scratch_->alice(); }
    std::vector<std::int64_t> all_ids() {
        return scratch_->run(database().begin(alice(), Access::read)->all<std::int64_t>(ids));
    }

    std::optional<ScratchDatabase> scratch_;
};

Task<void> insert_one(
    Database& database, Scope scope, std::int64_t id, std::string& code, int& ended
) {
    try {
        auto tx = database.begin(scope, Access::write);
        tx->defer(insert, scope, named("id", id));
        co_await tx->commit();
        code = "fine";
    } catch (const Error& error) {
        code = error.code();
    }
    ++ended;
}

Task<void> until_all(const int& ended, int all) {
    while (ended < all) co_await boost::asio::post(boost::asio::use_awaitable);
}

TEST_F(PostgresDriver, AnswersAGroupWhoseLastWriteFails) {
    PostgresOptions options;
    options.url = scratch_->url();
    options.pipelined_connections = 1;
    auto narrow = open_postgres(scratch_->io(), options);
    std::array<std::string, 5> codes;
    int ended = 0;

    for (std::size_t at = 0; at < codes.size(); ++at) {
        auto id = at + 1 == codes.size() ? 0 : static_cast<std::int64_t>(at);
        boost::asio::co_spawn(
            scratch_->io(), insert_one(*narrow, alice(), id, codes[at], ended),
            boost::asio::detached
        );
    }
    scratch_->run(until_all(ended, 5));

    EXPECT_THAT(codes, ElementsAre("fine", "fine", "fine", "fine", "sql.unique"));
    EXPECT_THAT(all_ids(), ElementsAre(0, 1, 2, 3));
}

Task<std::string> settings_after_writes(Database& database, Scope scope, Scope other) {
    std::string code;
    int ended = 0;
    auto executor = co_await boost::asio::this_coro::executor;
    for (std::int64_t id = 0; id < 40; ++id) {
        boost::asio::co_spawn(
            executor, insert_one(database, scope, id, code, ended), boost::asio::detached
        );
    }
    std::string seen;
    for (int round = 0; round < 4; ++round) {
        auto tx = database.begin(other, Access::read);
        auto now = co_await tx->one<std::string>(settings);
        if (seen.find(now) == std::string::npos) seen += now;
    }
    co_await until_all(ended, 40);
    co_return seen;
}

TEST_F(PostgresDriver, LeavesNoSettingBehindForTheNextFlight) {
    auto seen = scratch_->run(settings_after_writes(database(), alice(), scratch_->bob()));

    EXPECT_EQ(seen, "2/on");
}

// How far the log has to be on disk for what the transaction wrote.
Task<std::string> write_unlocking_early(Database& database, Scope scope) {
    static constexpr Statement log_end{
        .name = "log.end", .text = "SELECT CAST(pg_current_wal_insert_lsn() AS text)"
    };
    auto tx = database.begin(scope, Access::write);
    tx->unlock_early();
    tx->defer(insert, scope, named("id", std::int64_t{1}));
    auto end = co_await tx->one<std::string>(log_end);
    co_await tx->commit();
    co_return end;
}

Task<std::int64_t> count_flushed(Database& database, Scope scope, std::string log_end) {
    static constexpr Statement flushed{
        .name = "log.flushed",
        .text =
            "SELECT count(*) FROM note WHERE pg_current_wal_flush_lsn() > CAST(:log_end AS pg_lsn)"
    };
    auto tx = database.begin(scope, Access::read);
    co_return co_await tx->one<std::int64_t>(flushed, named("log_end", log_end));
}

TEST_F(PostgresDriver, HasWrittenToDiskWhatWasCommittedWithItsLocksLetGoEarly) {
    auto log_end = scratch_->run(write_unlocking_early(database(), alice()));

    EXPECT_EQ(scratch_->run(count_flushed(database(), alice(), log_end)), 1);
}

// Whether others see it, and then how far the log has to be on disk for it.
Task<std::string> write_unflushed(Database& database, Scope scope) {
    static constexpr Statement log_end{
        .name = "log.end", .text = "SELECT CAST(pg_current_wal_insert_lsn() AS text)"
    };
    auto tx = database.begin(scope, Access::write);
    tx->defer(insert, scope, named("id", std::int64_t{1}));
    auto end = co_await tx->one<std::string>(log_end);
    co_await tx->commit_unflushed();
    auto look = database.begin(scope, Access::read);
    EXPECT_EQ((co_await look->all<std::int64_t>(ids)).size(), 1U);
    co_await tx->flush();
    co_return end;
}

TEST_F(PostgresDriver, ShowsACommitBeforeItsFlushAndHasItOnDiskAfterIt) {
    auto log_end = scratch_->run(write_unflushed(database(), alice()));

    EXPECT_EQ(scratch_->run(count_flushed(database(), alice(), log_end)), 1);
}

TEST_F(PostgresDriver, SaysAwayWhileTheServerEndsItsConnectionsAndRecovers) {
    all_ids();
    PostgresSession owner(scratch_->url());
    auto held = database().begin(alice(), Access::write);
    scratch_->run(held->all<std::int64_t>(ids));

    owner.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    );
    std::string code;
    try {
        scratch_->run(held->all<std::int64_t>(ids));
    } catch (const Error& error) {
        code = error.code();
    }
    held.reset();
    int ended = 0;
    std::string later = "sql.away";
    for (int attempt = 0; attempt < 100 && later == "sql.away"; ++attempt) {
        scratch_->run(insert_one(database(), alice(), 1, later, ended));
    }

    EXPECT_EQ(code, "sql.away");
    EXPECT_EQ(later, "fine");
    EXPECT_THAT(all_ids(), ElementsAre(1));
}

TEST_F(PostgresDriver, SaysAwayWhenNoServerListens) {
    boost::asio::io_context& io = scratch_->io();
    PostgresOptions options;
    options.url = "postgres://nobody@127.0.0.1:1/nothing";
    auto nowhere = open_postgres(io, options);

    try {
        scratch_->run(nowhere->ping());
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), "sql.away");
        EXPECT_EQ(error.kind(), ErrorKind::unavailable);
    }
}

TEST_F(PostgresDriver, ReadsWhatAChangedSchemaReturnsAtTheSecondAttempt) {
    constexpr Statement everything{.name = "note.all", .text = "SELECT * FROM note"};
    auto columns = [&] {
        return scratch_->run(database().begin(alice(), Access::read)->all<std::int64_t>(everything))
            .size();
    };
    std::string code;
    int ended = 0;
    scratch_->run(insert_one(database(), alice(), 5, code, ended));
    for (int round = 0; round < 4; ++round) columns();

    scratch_->execute_as_owner("ALTER TABLE note ADD COLUMN more text");
    for (int round = 0; round < 2; ++round) {
        try {
            columns();
        } catch (const Error&) {
            ++ended;
        }
    }

    EXPECT_LE(ended, 3);
    EXPECT_EQ(columns(), 1u);
}

TEST_F(PostgresDriver, ReportsAConstraintThatIsCheckedAtTheCommit) {
    scratch_->execute_as_owner(
        "CREATE UNIQUE INDEX ON note (id); ALTER TABLE note ADD CONSTRAINT late UNIQUE (tenant_id) "
        "DEFERRABLE INITIALLY "
        "DEFERRED"
    );
    std::array<std::string, 2> codes;
    int ended = 0;

    scratch_->run(insert_one(database(), alice(), 1, codes[0], ended));
    scratch_->run(insert_one(database(), alice(), 2, codes[1], ended));

    EXPECT_THAT(codes, ElementsAre("fine", "sql.unique"));
    EXPECT_THAT(all_ids(), ElementsAre(1));
}

TEST_F(PostgresDriver, RefusesATextWithNul) {
    constexpr Statement echo{.name = "echo", .text = "SELECT :text::text"};
    auto tx = database().begin(alice(), Access::read);

    EXPECT_THROW(
        scratch_->run(tx->one<std::string>(echo, named("text", std::string("a\0b", 3)))), Error
    );
}

TEST_F(PostgresDriver, ReadsDecimalNumbers) {
    constexpr Statement decimals{
        .name = "decimals",
        .text =
            "SELECT v::numeric FROM (VALUES (0, '0'), (1, '12345678901234'), (2, '-10000'), (3, "
            "'0.1'), "
            "(4, '-1234.5678'), (5, '1e-20')) t (n, v) ORDER BY n"
    };

    auto read = scratch_->run(database().begin(alice(), Access::read)->all<double>(decimals));

    EXPECT_THAT(read, ElementsAre(0, 12345678901234, -10000, 0.1, -1234.5678, 1e-20));
}

PostgresOptions options_without_server_state(const std::string& url) {
    PostgresOptions options;
    options.url = url;
    options.prepare = false;
    options.exclusive_connections = 1;
    options.connection_wait = std::chrono::milliseconds(50);
    return options;
}

constexpr Statement timeout_setting{
    .name = "timeout", .text = "SELECT current_setting('lock_timeout')"
};

// Asks again for as long as the database is busy, as its one connection takes its time to be made.
Task<std::unique_ptr<Tx>> begin_when_free(Database& database, Scope scope, std::string& timeout) {
    for (;;) {
        auto tx = database.begin(scope, Access::write);
        try {
            timeout = co_await tx->one<std::string>(timeout_setting);
            co_return tx;
        } catch (const Error& error) {
            if (error.code() != "sql.busy") throw;
        }
    }
}

Task<std::string> take_a_second_connection(Database& database, Scope scope) {
    std::string timeout;
    std::string seen;
    auto first = co_await begin_when_free(database, scope, timeout);
    auto second = database.begin(scope, Access::write);
    try {
        co_await second->one<std::string>(timeout_setting);
    } catch (const Error& error) {
        seen = timeout + " " + error.code();
    }
    first.reset();
    co_await begin_when_free(database, scope, timeout);
    co_return seen;
}

TEST_F(PostgresDriver, TurnsAwayWhoWaitsTooLongForAConnection) {
    auto own = open_postgres(scratch_->io(), options_without_server_state(scratch_->url()));

    auto seen = scratch_->run(take_a_second_connection(*own, alice()));
    scratch_->run(own->close());

    EXPECT_EQ(seen, "5s sql.busy");
    EXPECT_THROW(own->begin(alice(), Access::read), Error);
}

Task<std::string> lock_twice(Database& database, Scope scope) {
    auto first = database.begin(scope, Access::write);
    co_await first->all<std::int64_t>(lock_note, named("id", 1));
    auto second = database.begin(scope, Access::write);
    try {
        co_await second->all<std::int64_t>(lock_note, named("id", 1));
    } catch (const Error& error) {
        co_return error.code();
    }
    co_return "fine";
}

TEST_F(PostgresDriver, GivesUpOnALockAfterItsTimeout) {
    scratch_->execute_as_owner("INSERT INTO note VALUES (1, 1, 'x')");
    PostgresOptions options;
    options.url = scratch_->url();
    options.lock_timeout = std::chrono::milliseconds(30);
    auto impatient = open_postgres(scratch_->io(), options);

    auto code = scratch_->run(lock_twice(*impatient, alice()));

    EXPECT_EQ(code, "sql.busy");
}

TEST(PostgresUrl, MustBeOne) {
    boost::asio::io_context io;
    PostgresOptions options;
    options.url = "host=localhost";

    EXPECT_THROW(open_postgres(io, options), Error);
}

}  // namespace

}  // namespace afterresume::sql
