#include "core/scope_mint.h"
#include "fixture.h"

#include "app/composition.h"

namespace afterresume::contract {

// A program of its own for each test: a clean-up reaches everything.
class Maintenance : public ProgramTest {
protected:
    void TearDown() override { TearDownTestSuite(); }
    app::Composition& parts() { return program().composition(); }

    // Makes what a statement finds sixty days older.
    void age(std::string_view text) {
        auto me = call("GET", "/api/auth/me/", ada);
        Identity identity;
        identity.tenant = TenantId{me.number("/tenant_id")};
        identity.user = UserId{me.number("/id")};
        program().run(aged(text, ScopeMint::mint(identity)));
    }
    Task<std::int64_t> aged(std::string_view text, Scope scope) {
        sql::Statement statement{"test.age", text};
        auto tx = parts().database->begin(scope, sql::Access::write);
        auto changed = co_await tx->execute(
            statement, sql::named("old", parts().clock.now() - std::chrono::days(60))
        );
        co_await tx->commit();
        co_return changed;
    }
    void clean_up() {
        program().run(asked());
        program().work();
    }
    Task<bool> asked() {
        auto tx = parts().database->begin_engine(sql::Access::write);
        jobs::Origin program_itself{TenantId{0}, UserId{0}, jobs::Trigger::schedule};
        co_await parts().queue.enqueue(*tx, program_itself, {"maintenance.cleanup"});
        co_await tx->commit();
        co_return true;
    }
    std::int64_t count(const std::string& text) { return program().run(counted(text)); }
    Task<std::int64_t> counted(std::string text) {
        sql::Statement statement{"test.count", text};
        auto tx = parts().database->begin_engine(sql::Access::read);
        auto number = co_await tx->one<std::int64_t>(statement);
        co_return number;
    }
};

TEST_P(Maintenance, EndsWhatWasDeletedLongAgoAndNothingElse) {
    auto write = [&](const std::string& content) {
        return call(
                   "POST", "/api/worklogs/", ada,
                   R"({"content":")" + content + R"(","occurred_on":"2026-03-02"})"
        )
            .header("Location");
    };
    auto old = write("Tuned PostgreSQL.");
    auto young = write("Learned Rust.");
    auto kept = write("Wrote documentation.");
    program().work();
    call("DELETE", old, ada, "", overwrite);
    age("UPDATE worklog SET deleted_at = :old WHERE deleted_at IS NOT NULL");
    call("DELETE", young, ada, "", overwrite);
    program().work();

    clean_up();

    EXPECT_EQ(call("POST", old + "restore/", ada).status, 404);
    EXPECT_EQ(call("POST", young + "restore/", ada).status, 200);
    EXPECT_EQ(call("GET", kept, ada).status, 200);
}

TEST_P(Maintenance, ForgetsOldSessionsInvitationsAndAnswers) {
    auto before = call("GET", "/api/auth/sessions/", ada).count("/items");
    auto login = call("POST", "/api/auth/login/", nobody, login_body("ada@example.org"));
    ASSERT_EQ(login.status, 200);
    auto invitation = call("POST", "/api/invitations/", ada, R"({"role":"member"})");
    const Headers key{{"idempotency-key", "aged"}};
    auto first = call("POST", "/api/worklogs/", ada, R"({"content":"Once."})", key);
    age("UPDATE session SET expires_at = :old WHERE id = (SELECT max(id) FROM session)");
    age("UPDATE invitation SET expires_at = :old");
    age("UPDATE idempotency_key SET created_at = :old");

    clean_up();

    EXPECT_EQ(call("GET", "/api/auth/sessions/", ada).count("/items"), before);
    EXPECT_EQ(call("GET", "/api/invitations/", ada).count("/items"), 0U);
    auto again = call("POST", "/api/worklogs/", ada, R"({"content":"Once."})", key);
    EXPECT_NE(again.number("/id"), first.number("/id"));
    EXPECT_EQ(call("GET", "/api/auth/me/", ada).status, 200);
}

TEST_P(Maintenance, VisitsEachTenantOnceANightHoweverOftenItIsBegun) {
    clean_up();
    clean_up();

    auto ended = [&](const std::string& type) {
        return count("SELECT count(*) FROM job WHERE status = 'success' AND type = '" + type + "'");
    };
    EXPECT_EQ(ended("maintenance.cleanup"), 2);
    EXPECT_EQ(ended("maintenance.purge"), count("SELECT count(DISTINCT tenant_id) - 1 FROM job"));
    EXPECT_EQ(count("SELECT count(*) FROM job WHERE status = 'failed'"), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, Maintenance, sql::both_databases(), sql::dialect_name);

}  // namespace afterresume::contract
