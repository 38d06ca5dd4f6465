#include "infra/sql/postgres_fences.h"

#include "infra/sql/testing.h"

#include <gmock/gmock.h>

namespace afterresume::sql {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view schema = R"(
-- engine: task
CREATE TABLE note (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, text text NOT NULL);
CREATE TABLE task (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, text text NOT NULL);
CREATE VIEW note_text AS SELECT text FROM note;
CREATE FUNCTION lookup_note(wanted bigint) RETURNS bigint LANGUAGE sql AS $$ SELECT wanted $$;
CREATE FUNCTION operators_notes() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM note $$;
)";

class PostgresFences : public testing::Test {
protected:
    void SetUp() override {
        if (!test_server_url()) GTEST_SKIP() << "TEST_DATABASE_URL is not set";
        scratch_.emplace(Dialect::postgres, schema);
        owner_.emplace(scratch_->url());
        // Scratch databases share their roles; the policies say which.
        auto app = owner_->rows(
            "SELECT DISTINCT rolname FROM pg_roles, pg_policy "
            "WHERE polname = 'fence_app' AND pg_roles.oid = ANY (polroles)"
        );
        auto name = app.at(0).at(0).value();
        name.resize(name.size() - std::string_view("_app").size());
        roles_ = roles_of(name, [](const std::string& role) { return role; });
    }
    FenceOptions options() {
        FenceOptions options;
        options.app_role = roles_.app.role;
        options.engine_role = roles_.engine.role;
        options.operator_role = roles_.op.role;
        options.tables.engine_tables = {"task"};
        return options;
    }
    std::string refusal(const FenceOptions& options) {
        try {
            apply_fences(*owner_, options);
        } catch (const Error& error) {
            return error.code() + " " + error.what();
        }
        return "none";
    }

    std::optional<ScratchDatabase> scratch_;
    std::optional<PostgresSession> owner_;
    PostgresRoles roles_;
};

TEST_F(PostgresFences, ForceRowLevelSecurityOnEveryTableOfTenants) {
    auto open_tables = owner_->rows(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname "
        "= 'tenant_id' "
        "WHERE c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
    );

    EXPECT_THAT(open_tables, IsEmpty());
}

TEST_F(PostgresFences, TouchNoTableThatIsAsItMustBe) {
    constexpr auto policies = "SELECT polname, oid::text FROM pg_policy ORDER BY oid";
    auto before = owner_->rows(policies);

    apply_fences(*owner_, options());

    EXPECT_EQ(owner_->rows(policies), before);
    EXPECT_EQ(before.size(), 6u);
}

TEST_F(PostgresFences, AreRaisedAgainWhereSomebodyPulledThemDown) {
    owner_->execute("DROP POLICY fence_app ON note; CREATE POLICY fence_app ON note USING (true)");
    owner_->execute(
        "ALTER TABLE note DISABLE ROW LEVEL SECURITY; INSERT INTO note VALUES (1, 2, 'of bob')"
    );

    apply_fences(*owner_, options());

    PostgresSession app(scratch_->url(), roles_.app);
    app.execute("SET app.tenant_id = '1'");
    EXPECT_THAT(app.rows("SELECT text FROM note"), IsEmpty());
    EXPECT_THAT(app.rows("SELECT text FROM note_text"), IsEmpty());
    app.execute("SET app.tenant_id = '2'");
    EXPECT_EQ(app.rows("SELECT text FROM note_text").size(), 1u);
}

TEST_F(PostgresFences, LeaveWhatIsForOperatorsToTheEngineAlone) {
    auto may = [&](const std::string& role, const std::string& function) {
        auto sql = "SELECT has_function_privilege($1::name, $2::text, 'EXECUTE')";
        return owner_->rows(sql, {role, function}).at(0).at(0) == "t";
    };

    EXPECT_TRUE(may(roles_.app.role, "lookup_note(bigint)"));
    EXPECT_TRUE(may(roles_.engine.role, "lookup_note(bigint)"));
    EXPECT_FALSE(may(roles_.app.role, "operators_notes()"));
    EXPECT_TRUE(may(roles_.engine.role, "operators_notes()"));
}

TEST_F(PostgresFences, RefuseARoleThatPassesThem) {
    auto boundless = options();
    boundless.app_role = owner_->role();
    auto absent = options();
    absent.engine_role = "nobody_is_called_so";

    auto of_boundless = refusal(boundless);
    auto of_absent = refusal(absent);

    EXPECT_THAT(of_boundless, HasSubstr("sql.roles"));
    EXPECT_THAT(of_absent, HasSubstr("sql.roles The role nobody_is_called_so does not exist."));
}

TEST_F(PostgresFences, SayWhatToRunWhereRolesMayNotBeMade) {
    PostgresSession app(scratch_->url(), roles_.app);
    auto others = roles_of("other", [](const std::string&) { return std::string("secret words"); });

    std::string message;
    try {
        ensure_roles(app, others);
    } catch (const Error& error) {
        message = error.what();
    }

    EXPECT_THAT(message, HasSubstr("CREATE ROLE \"other_app\" LOGIN PASSWORD 'SCRAM-SHA-256$"));
    EXPECT_THAT(message, HasSubstr("CREATE ROLE \"other_operator\""));
    EXPECT_THAT(message, Not(HasSubstr("secret words")));
}

}  // namespace

}  // namespace afterresume::sql
