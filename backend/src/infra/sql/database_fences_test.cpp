#include "infra/sql/testing.h"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/describe/class.hpp>

#include <gmock/gmock.h>

#include <array>
#include <set>

namespace afterresume::sql {

namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::array files{
    EmbeddedFile{"0001_scratch.sql", R"(
-- engine: task, device
-- append-only: ledger
-- users: person by member
-- own: device
CREATE TABLE note (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, text text NOT NULL);
CREATE TABLE task (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, text text NOT NULL);
CREATE TABLE ledger (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, text text NOT NULL);
CREATE TABLE person (id bigint PRIMARY KEY, text text NOT NULL);
CREATE TABLE device (id bigint PRIMARY KEY, user_id bigint NOT NULL, text text NOT NULL);
CREATE TABLE member (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, user_id bigint NOT NULL REFERENCES person (id));
)"},
    EmbeddedFile{
        "0002_ids.postgres.sql", "CREATE SEQUENCE entity_id INCREMENT BY 256 START WITH 1000"
    },
    EmbeddedFile{
        "0002_ids.sqlite.sql",
        "CREATE TABLE id_block (next INTEGER NOT NULL) STRICT; INSERT INTO id_block VALUES (1000)"
    },
};

struct Row {
    std::int64_t id = 0;
    std::string text;
};
BOOST_DESCRIBE_STRUCT(Row, (), (id, text))

constexpr Statement insert_note{
    .name = "note.insert",
    .text = "INSERT INTO note (id, tenant_id, text) VALUES (:id, :tenant_id, :text)"
};
constexpr Statement insert_for_bob{
    .name = "note.insert_for_bob",
    .text = "INSERT INTO note (id, tenant_id, text) VALUES (:id, 2, :text)"
};
constexpr Statement give_to_bob{
    .name = "note.give_to_bob", .text = "UPDATE note SET tenant_id = 2"
};
constexpr Statement notes{.name = "note.texts", .text = "SELECT text FROM note ORDER BY id"};
constexpr Statement bobs_notes{
    .name = "note.of_bob", .text = "SELECT text FROM note WHERE tenant_id = 2"
};
constexpr Statement rename_notes{.name = "note.rename", .text = "UPDATE note SET text = 'taken'"};
constexpr Statement delete_notes{.name = "note.delete", .text = "DELETE FROM note"};
constexpr Statement insert_task{
    .name = "task.insert",
    .text = "INSERT INTO task (id, tenant_id, text) VALUES (:id, :tenant_id, :text)"
};
constexpr Statement tasks{.name = "task.texts", .text = "SELECT text FROM task ORDER BY id"};
constexpr Statement run_tasks{.name = "task.run", .text = "UPDATE task SET text = 'running'"};
constexpr Statement insert_ledger{
    .name = "ledger.insert",
    .text = "INSERT INTO ledger (id, tenant_id, text) VALUES (:id, :tenant_id, :text)"
};
constexpr Statement rewrite_ledger{
    .name = "ledger.rewrite", .text = "UPDATE ledger SET text = 'other'"
};
constexpr Statement ledger{.name = "ledger.texts", .text = "SELECT text FROM ledger"};

constexpr Statement insert_person{
    .name = "person.insert", .text = "INSERT INTO person (id, text) VALUES (:id, :text)"
};
constexpr Statement insert_member{
    .name = "member.insert",
    .text = "INSERT INTO member (id, tenant_id, user_id) VALUES (:id, :tenant_id, :id)"
};
constexpr Statement persons{.name = "person.texts", .text = "SELECT text FROM person ORDER BY id"};
constexpr Statement bob_by_id{
    .name = "person.bob", .text = "SELECT text FROM person WHERE id = 22"
};
constexpr Statement rename_persons{
    .name = "person.rename", .text = "UPDATE person SET text = 'renamed'"
};
constexpr Statement become_another{.name = "person.become", .text = "UPDATE person SET id = 23"};
constexpr Statement delete_persons{.name = "person.delete", .text = "DELETE FROM person"};

Row row(std::int64_t id, std::string text) {
    Row made;
    made.id = id;
    made.text = std::move(text);
    return made;
}

Task<void> write(std::unique_ptr<Tx> tx, const Statement& statement, Scope scope, Row values) {
    tx->defer(statement, scope, values);
    co_await tx->commit();
}

Task<std::int64_t> change(std::unique_ptr<Tx> tx, const Statement& statement) {
    auto changed = co_await tx->execute(statement);
    co_await tx->commit();
    co_return changed;
}

Task<std::vector<std::string>> read(std::unique_ptr<Tx> tx, const Statement& statement) {
    co_return co_await tx->all<std::string>(statement);
}

template <class Act>
bool fails(Act act) {
    try {
        act();
    } catch (const std::exception&) {
        return true;
    }
    return false;
}

class DatabaseFences : public OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (IsSkipped()) return;
        scratch_.emplace(GetParam(), files);
        run(write(as(alice()), insert_note, alice(), row(1, "of alice")));
        run(write(as(bob()), insert_note, bob(), row(2, "of bob")));
    }
    Database& database() { return scratch_->database(); }
    const Scope& alice() { return scratch_->alice(); }
    const Scope& bob() { return scratch_->bob(); }
    std::unique_ptr<Tx> as(const Scope& scope, Access access = Access::write) {
        return database().begin(scope, access);
    }
    template <class T>
    T run(Task<T> task) {
        return scratch_->run(std::move(task));
    }

    std::optional<ScratchDatabase> scratch_;
};

TEST_P(DatabaseFences, ShowNobodyAnotherTenantsRows) {
    auto all = run(read(as(alice(), Access::read), notes));

    auto asked_for = run(read(as(alice(), Access::read), bobs_notes));

    EXPECT_THAT(all, ElementsAre("of alice"));
    EXPECT_THAT(asked_for, IsEmpty());
}

TEST_P(DatabaseFences, ShowNobodyAnotherTenantsRowsInsideAWriteTransaction) {
    auto all = run(read(as(alice(), Access::write), notes));

    EXPECT_THAT(all, ElementsAre("of alice"));
}

TEST_P(DatabaseFences, LetNobodyChangeAnotherTenantsRows) {
    auto renamed = run(change(as(alice()), rename_notes));
    auto deleted = run(change(as(alice()), delete_notes));

    EXPECT_EQ(renamed, 1);
    EXPECT_EQ(deleted, 1);
    EXPECT_THAT(run(read(as(bob()), notes)), ElementsAre("of bob"));
}

TEST_P(DatabaseFences, LetNobodyWriteRowsForAnotherTenant) {
    bool insert_fails =
        fails([&] { run(write(as(alice()), insert_for_bob, alice(), row(3, "planted"))); });
    bool update_fails = fails([&] { run(change(as(alice()), give_to_bob)); });

    EXPECT_TRUE(insert_fails);
    EXPECT_TRUE(update_fails);
    EXPECT_THAT(run(read(as(bob()), notes)), ElementsAre("of bob"));
}

TEST_P(DatabaseFences, ShowAndGiveNothingBeforeSignIn) {
    auto seen = run(read(database().begin_anonymous(Access::read), notes));
    auto changed = run(change(database().begin_anonymous(Access::write), rename_notes));
    bool insert_fails = fails([&] {
        run(write(
            database().begin_anonymous(Access::write), insert_note, alice(), row(3, "planted")
        ));
    });

    EXPECT_THAT(seen, IsEmpty());
    EXPECT_EQ(changed, 0);
    EXPECT_TRUE(insert_fails);
}

TEST_P(DatabaseFences, LetTheEngineReachItsOwnTablesOfAllTenants) {
    run(write(as(alice()), insert_task, alice(), row(1, "of alice")));
    run(write(as(bob()), insert_task, bob(), row(2, "of bob")));

    auto changed = run(change(database().begin_engine(Access::write), run_tasks));

    EXPECT_EQ(changed, 2);
    EXPECT_THAT(
        run(read(database().begin_engine(Access::read), tasks)), ElementsAre("running", "running")
    );
    EXPECT_THAT(run(read(as(alice()), tasks)), ElementsAre("running"));
}

TEST_P(DatabaseFences, ShowTheEngineNoOtherTables) {
    std::vector<std::string> seen;

    fails([&] { seen = run(read(database().begin_engine(Access::read), notes)); });
    fails([&] { run(change(database().begin_engine(Access::write), rename_notes)); });

    EXPECT_THAT(seen, IsEmpty());
    EXPECT_THAT(run(read(as(bob()), notes)), ElementsAre("of bob"));
}

TEST_P(DatabaseFences, LetNobodyRewriteWhatOnlyGrows) {
    run(write(as(alice()), insert_ledger, alice(), row(1, "kept")));

    bool rewrite_fails = fails([&] { run(change(as(alice()), rewrite_ledger)); });

    EXPECT_TRUE(rewrite_fails);
    EXPECT_THAT(run(read(as(alice()), ledger)), ElementsAre("kept"));
}

struct Seen {
    std::vector<std::string> texts;
    int ended = 0;
};

Task<void> wander(Database& database, Scope scope, int number, std::string mine, Seen& seen) {
    for (int step = 0; step < 3; ++step) {
        auto tx = database.begin(scope, (number + step) % 3 == 0 ? Access::write : Access::read);
        for (auto& text : co_await tx->all<std::string>(notes))
            seen.texts.push_back(std::move(text));
        if ((number + step) % 3 == 1) {
            auto writing = database.begin(scope, Access::write);
            writing->defer(insert_note, scope, row(1'000 + number * 10 + step, mine));
            co_await writing->commit();
        }
        if ((number + step) % 3 == 0) co_await tx->commit();
    }
    ++seen.ended;
}

Task<void> until_all(const int& done, int all) {
    while (done < all) co_await boost::asio::post(boost::asio::use_awaitable);
}

class UserFences : public DatabaseFences {
protected:
    void SetUp() override {
        DatabaseFences::SetUp();
        if (IsSkipped()) return;
        run(write(as(alice()), insert_person, alice(), row(11, "alice")));
        run(write(as(bob()), insert_person, bob(), row(22, "bob")));
    }
    void let_bob_join_alice() { run(write(as(alice()), insert_member, alice(), row(22, ""))); }
};

TEST_P(UserFences, ShowPeopleToThemselvesAlone) {
    EXPECT_THAT(run(read(as(alice(), Access::read), persons)), ElementsAre("alice"));
    EXPECT_THAT(run(read(as(alice(), Access::read), bob_by_id)), IsEmpty());
    EXPECT_THAT(run(read(as(alice(), Access::write), persons)), ElementsAre("alice"));
    EXPECT_THAT(run(read(as(bob(), Access::read), persons)), ElementsAre("bob"));
}

TEST_P(UserFences, ShowTheMembersOfATenantToWhoActsForIt) {
    let_bob_join_alice();

    EXPECT_THAT(run(read(as(alice(), Access::read), persons)), ElementsAre("alice", "bob"));
    EXPECT_THAT(run(read(as(bob(), Access::read), persons)), ElementsAre("bob"));
}

TEST_P(UserFences, ShowNobodyBeforeSignInAndNobodyToTheEngine) {
    auto anonymous = database().begin_anonymous(Access::read);
    auto engine = [&] { return read(database().begin_engine(Access::read), persons); };

    EXPECT_THAT(run(read(std::move(anonymous), persons)), IsEmpty());
    if (GetParam() == Dialect::postgres) {
        EXPECT_TRUE(fails([&] { run(engine()); }));
    } else {
        EXPECT_THAT(run(engine()), IsEmpty());
    }
}

TEST_P(UserFences, LetPeopleWriteThemselvesAlone) {
    let_bob_join_alice();

    auto renamed = run(change(as(alice()), rename_persons));
    bool planted =
        !fails([&] { run(write(as(alice()), insert_person, alice(), row(33, "planted"))); });
    bool became = !fails([&] { run(change(as(bob()), become_another)); });
    auto deleted = run(change(as(alice()), delete_persons));

    EXPECT_EQ(renamed, 1);
    EXPECT_FALSE(planted);
    EXPECT_FALSE(became);
    EXPECT_EQ(deleted, 1);
    EXPECT_THAT(run(read(as(bob(), Access::read), persons)), ElementsAre("bob"));
}

// Alice's, made while she acted for another tenant than she does now.
class DeviceFences : public UserFences {
protected:
    void SetUp() override {
        UserFences::SetUp();
        if (IsSkipped()) return;
        let_bob_join_alice();
        run(write(as(alice()), insert_device, alice(), row(1, "laptop")));
        run(write(as(bob()), insert_device, bob(), row(2, "phone")));
    }
    static constexpr Statement insert_device{
        .name = "device.insert",
        .text = "INSERT INTO device (id, user_id, text) VALUES (:id, :user_id, :text)"
    };
    static constexpr Statement devices{
        .name = "device.texts", .text = "SELECT text FROM device ORDER BY id"
    };
    static constexpr Statement rename{
        .name = "device.rename", .text = "UPDATE device SET text = 'renamed'"
    };
    static constexpr Statement give_away{
        .name = "device.give_away", .text = "UPDATE device SET user_id = 22"
    };
    static constexpr Statement forget{.name = "device.forget", .text = "DELETE FROM device"};
};

TEST_P(DeviceFences, ShowWhatPeopleHaveToThemselvesAlone) {
    EXPECT_THAT(run(read(as(alice(), Access::read), devices)), ElementsAre("laptop"));
    EXPECT_THAT(run(read(as(bob(), Access::write), devices)), ElementsAre("phone"));
    EXPECT_THAT(run(read(database().begin_anonymous(Access::read), devices)), IsEmpty());
}

TEST_P(DeviceFences, LetPeopleWriteWhatTheyHaveAlone) {
    auto renamed = run(change(as(bob()), rename));
    bool planted = !fails([&] { run(write(as(bob()), insert_device, alice(), row(3, "bug"))); });
    bool given = !fails([&] { run(change(as(alice()), give_away)); });

    EXPECT_EQ(renamed, 1);
    EXPECT_FALSE(planted);
    EXPECT_FALSE(given);
    EXPECT_THAT(run(read(as(alice(), Access::read), devices)), ElementsAre("laptop"));
}

TEST_P(DeviceFences, OpenToTheEngineWhatIsItsToo) {
    auto engine = [&] { return database().begin_engine(Access::write); };

    auto seen = run(read(engine(), devices));
    auto forgotten = run(change(engine(), forget));

    EXPECT_THAT(seen, ElementsAre("laptop", "phone"));
    EXPECT_EQ(forgotten, 2);
}

INSTANTIATE_TEST_SUITE_P(Databases, UserFences, both_databases(), dialect_name);
INSTANTIATE_TEST_SUITE_P(Databases, DeviceFences, both_databases(), dialect_name);

TEST_P(DatabaseFences, HoldBetweenHundredsOfInterleavedTransactions) {
    Seen by_alice;
    Seen by_bob;
    auto spawn = [&](Scope scope, int number, const char* mine, Seen& seen) {
        boost::asio::co_spawn(
            scratch_->io(), wander(database(), scope, number, mine, seen), boost::asio::detached
        );
    };

    for (int number = 0; number < 200; number += 2) {
        spawn(alice(), number, "of alice", by_alice);
        spawn(bob(), number + 1, "of bob", by_bob);
    }
    run(until_all(by_alice.ended, 100));
    run(until_all(by_bob.ended, 100));

    EXPECT_GE(by_alice.texts.size(), 300u);
    EXPECT_THAT(by_alice.texts, Each("of alice"));
    EXPECT_THAT(by_bob.texts, Each("of bob"));
}

Task<void> take_ids(Database& database, Scope scope, std::set<std::int64_t>& ids, int& ended) {
    auto tx = database.begin(scope, Access::write);
    for (int count = 0; count < 3; ++count) {
        auto id = co_await tx->new_id<Row>();
        ids.insert(id.value);
    }
    ++ended;
}

TEST_P(DatabaseFences, GiveEveryIdOnce) {
    std::set<std::int64_t> ids;
    int ended = 0;

    for (int taker = 0; taker < 1'000; ++taker) {
        auto& scope = taker % 2 == 0 ? alice() : bob();
        boost::asio::co_spawn(
            scratch_->io(), take_ids(database(), scope, ids, ended), boost::asio::detached
        );
    }
    run(until_all(ended, 1'000));
    scratch_->reopen();
    run(take_ids(database(), alice(), ids, ended));

    EXPECT_EQ(ids.size(), 3'003u);
    EXPECT_GT(*ids.begin(), 0);
}

Task<std::string> commit_with_actions(Database& database, Scope scope) {
    auto order = std::make_shared<std::string>();
    auto lost = database.begin(scope, Access::write);
    lost->after_commit([order] { *order += "never "; });
    lost.reset();
    auto tx = database.begin(scope, Access::write);
    tx->after_commit([order] { *order += "first "; });
    tx->after_commit([order] { *order += "second "; });
    tx->defer(insert_note, scope, row(9, "of alice"));
    *order += "before ";
    co_await tx->commit();
    co_return *order;
}

TEST_P(DatabaseFences, AreLeftByActionsOnlyAfterTheCommitAndInOrder) {
    auto order = run(commit_with_actions(database(), alice()));

    EXPECT_EQ(order, "before first second ");
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Databases, DatabaseFences, both_databases(), dialect_name);

}  // namespace afterresume::sql
