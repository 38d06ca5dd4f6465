#include "features/accounts/session_guard.h"

#include "embedded/migrations.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

namespace afterresume::accounts {
namespace {

using namespace std::chrono_literals;

// Counts the questions of the guard, and can be away.
class Watched : public sql::Database {
public:
    explicit Watched(sql::Database& real) : real_(real) {}

    std::unique_ptr<sql::Tx> begin(const Scope& scope, sql::Access access) override {
        return real_.begin(scope, access);
    }
    std::unique_ptr<sql::Tx> begin_anonymous(sql::Access access) override {
        ++questions;
        if (away)
            throw Error(ErrorKind::unavailable, "sql.away", "The database cannot be reached.");
        return real_.begin_anonymous(access);
    }
    std::unique_ptr<sql::Tx> begin_engine(sql::Access access) override {
        return real_.begin_engine(access);
    }
    sql::Dialect dialect() const override { return real_.dialect(); }
    Task<void> ping() override { return real_.ping(); }
    Task<void> close() override { return real_.close(); }

    int questions = 0;
    bool away = false;

private:
    sql::Database& real_;
};

class SessionGuardTest : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (IsSkipped()) return;
        scratch.emplace(GetParam(), embedded::migrations());
        watched.emplace(scratch->database());
        guard.emplace(*watched, accounts, [this] { return now; });
        write(
            R"sql(INSERT INTO app_user (id, email, email_folded, password_hash, display_name, time_zone, locale, is_staff,
                                          is_active, created_at, updated_at)
                    VALUES (:user_id, 'a@example.org', 'a@example.org', '', 'Alice', 'UTC', 'en', FALSE, TRUE, :at, :at))sql"
        );
        write(
            R"sql(INSERT INTO tenant (id, tenant_id, name, slug, status, created_at, updated_at)
                    VALUES (:tenant_id, :tenant_id, 'A', 'a', 'active', :at, :at))sql"
        );
        write(
            R"sql(INSERT INTO membership (id, tenant_id, user_id, role, status, created_at, updated_at)
                    VALUES (1, :tenant_id, :user_id, 'owner', 'active', :at, :at))sql"
        );
        write(
            R"sql(INSERT INTO session (id, last_tenant_id, user_id, version, user_agent, address, created_at, last_used_at, expires_at)
                    VALUES (7, :tenant_id, :user_id, 1, '', '', :at, :at, :at))sql"
        );
    }

    // As another node does: past this one's guard.
    void write(std::string_view sql) { scratch->run(written(sql)); }
    Task<void> written(std::string_view sql) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        co_await tx->execute(
            sql::Statement{"test.write", sql}, scratch->alice(), sql::named("at", Timestamp{})
        );
        co_await tx->commit();
    }
    std::optional<LiveSession> find() {
        return scratch->run(guard->find(Id<Session>{7}, scratch->alice().tenant()));
    }
    // The guard's time stands still, so what is known does not grow old: only a look for changes
    // ends it.
    bool a_look_ends_it() {
        now += 500ms;
        auto enough = std::chrono::steady_clock::now() + 20s;
        while (std::chrono::steady_clock::now() < enough) {
            if (!find()) return true;
            scratch->run(watched->ping());
        }
        return false;
    }
    Task<std::vector<SessionChange>> changes() {
        auto tx = scratch->database().begin_anonymous(sql::Access::read);
        co_return co_await accounts.session_changes(*tx);
    }

    std::optional<sql::ScratchDatabase> scratch;
    std::optional<Watched> watched;
    Repository accounts;
    SessionGuard::Time now{1h};
    std::optional<SessionGuard> guard;
};

TEST_P(SessionGuardTest, AsksForASessionOnceAndThenOnlyForChanges) {
    ASSERT_TRUE(find());
    EXPECT_EQ(watched->questions, 2);

    for (int moments = 0; moments < 30; ++moments) {
        now += 100ms;
        EXPECT_EQ(find()->role, Role::owner);
        scratch->run(watched->ping());
    }

    EXPECT_LE(watched->questions, 2 + 30 / 4 + 3);
}

TEST_P(SessionGuardTest, KnowsASessionByTheTenantItIsUsedIn) {
    ASSERT_TRUE(find());

    auto elsewhere = scratch->run(guard->find(Id<Session>{7}, TenantId{2}));

    EXPECT_FALSE(elsewhere);
    EXPECT_TRUE(find());
}

TEST_P(SessionGuardTest, LearnsWithinASecondThatSomebodyIsBack) {
    write("DELETE FROM membership WHERE tenant_id = :tenant_id");
    ASSERT_FALSE(find());

    write(
        R"sql(INSERT INTO membership (id, tenant_id, user_id, role, status, created_at, updated_at)
                VALUES (2, :tenant_id, :user_id, 'member', 'active', :at, :at))sql"
    );

    now += 500ms;
    find();
    scratch->run(watched->ping());
    now += 500ms;

    EXPECT_TRUE(find());
}

TEST_P(SessionGuardTest, LearnsWhatOtherNodesEnd) {
    for (auto change : {
             "UPDATE session SET ended_at = :at WHERE user_id = :user_id AND id = 7",
             "UPDATE app_user SET is_active = FALSE WHERE id = :user_id",
             "UPDATE membership SET status = 'suspended' WHERE tenant_id = :tenant_id",
             "UPDATE tenant SET status = 'suspended' WHERE tenant_id = :tenant_id",
             "DELETE FROM membership WHERE tenant_id = :tenant_id",
         }) {
        SetUp();
        ASSERT_TRUE(find());

        write(change);

        EXPECT_TRUE(a_look_ends_it()) << change;
    }
}

TEST_P(SessionGuardTest, LearnsANewRole) {
    ASSERT_EQ(find()->role, Role::owner);

    write("UPDATE membership SET role = 'read_only' WHERE tenant_id = :tenant_id");
    now += 1001ms;

    EXPECT_EQ(find()->role, Role::read_only);
}

TEST_P(SessionGuardTest, BelievesNothingForMoreThanASecondWhileTheDatabaseIsAway) {
    ASSERT_TRUE(find());
    watched->away = true;

    now += 999ms;
    EXPECT_TRUE(find());
    now += 2ms;

    EXPECT_THROW(find(), Error);
}

TEST_P(SessionGuardTest, IsToldNothingOfWhatChangesNoRights) {
    write("UPDATE session SET last_used_at = :at WHERE user_id = :user_id AND id = 7");
    write("UPDATE app_user SET last_login_at = :at WHERE id = :user_id");

    EXPECT_THAT(scratch->run(changes()), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Databases, SessionGuardTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::accounts
