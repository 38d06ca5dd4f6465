// What of the program's own schema is not behind the fences: functions that run as their owner, and
// tables that are nobody's.
#include "embedded/migrations.h"
#include "infra/sql/postgres_session.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

namespace afterresume::sql {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PostgresFunctions : public testing::Test {
protected:
    void SetUp() override {
        if (!test_server_url()) GTEST_SKIP() << "TEST_DATABASE_URL is not set";
        scratch_.emplace(Dialect::postgres, embedded::migrations());
    }
    std::vector<std::string> texts(const std::string& sql) {
        std::vector<std::string> out;
        for (const auto& row : PostgresSession(scratch_->url()).rows(sql))
            out.push_back(row.at(0).value());
        return out;
    }

    std::optional<ScratchDatabase> scratch_;
};

// S-04. Whoever adds one says here that it keeps nothing of tenants and people; all else lets the
// program see and write what is of the tenant or the person for whom it acts, and partitions are
// reached through their table alone.
TEST_F(PostgresFunctions, AreBesideAFenceForReadsAndWritesOnAllButTheTablesThatAreNamedHere) {
    auto open_tables = texts(R"sql(
        WITH app AS (
            SELECT DISTINCT r.oid FROM pg_roles r JOIN pg_policy p ON p.polname = 'fence_app' AND r.oid = ANY (p.polroles))
        SELECT c.relname
        FROM pg_class c CROSS JOIN app
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'f')
          AND (has_table_privilege(app.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
               OR has_any_column_privilege(app.oid, c.oid, 'SELECT, INSERT, UPDATE'))
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
              SELECT FROM pg_policy fence
              WHERE fence.polrelid = c.oid AND fence.polname = 'fence_app' AND app.oid = ANY (fence.polroles)
                AND fence.polcmd = '*'
                AND pg_get_expr(fence.polqual, c.oid) = pg_get_expr(fence.polwithcheck, c.oid)
                AND pg_get_expr(fence.polqual, c.oid) ~ '^\((tenant_id|user_id|id) = \(NULLIF\(current_setting\('))
        ORDER BY c.relname COLLATE "C")sql");

    EXPECT_THAT(
        open_tables, ElementsAre(
                         "audit_sealer", "guess", "instance", "job_queue", "key_fingerprint",
                         "schema_migration", "session_change", "worker"
                     )
    );
}

// S-04. Whoever adds one says here who runs it, and in features/accounts/README.md what it gives.
TEST_F(PostgresFunctions, RunPastTheFencesForThoseWhoAreNamedHereAlone) {
    auto functions = texts(R"sql(
        SELECT p.proname || ': ' || coalesce(string_agg(w.name, ' ' ORDER BY w.name), 'nobody')
        FROM pg_proc p
        LEFT JOIN LATERAL (
            SELECT coalesce(substring(r.rolname FROM '[a-z]+$'), 'everybody') AS name
            FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a LEFT JOIN pg_roles r ON r.oid = a.grantee
            WHERE a.grantee <> p.proowner AND a.privilege_type = 'EXECUTE') w ON true
        WHERE p.prosecdef
        GROUP BY p.oid, p.proname ORDER BY p.proname COLLATE "C")sql");

    EXPECT_THAT(
        functions,
        ElementsAre(
            "empty_auth_events: app engine", "lookup_code: app engine",
            "lookup_invitation: app engine", "lookup_operator: app engine",
            "lookup_operators_in_turn: app engine", "lookup_own_answer: app engine",
            "lookup_own_memberships: app engine", "lookup_own_tenants: app engine",
            "lookup_owners: app engine", "lookup_personal_token: app engine",
            "lookup_refresh_token: app engine", "lookup_session_changes: app engine",
            "lookup_sessions: app engine", "lookup_share: app engine", "lookup_sign_up: app engine",
            "lookup_staff_session: app engine", "lookup_tenants: app engine",
            "lookup_user: app engine", "note_session_change: app engine",
            "operators_people: engine", "operators_tenants: engine", "search_worklog: app engine"
        )
    );
}

// One that did not would run what a caller put before it.
TEST_F(PostgresFunctions, FindTheirTablesWhereverTheCallerLooks) {
    auto loose = texts(
        "SELECT proname FROM pg_proc WHERE prosecdef AND NOT coalesce("
        "proconfig @> ARRAY['search_path=public, pg_temp'], false)"
    );

    EXPECT_THAT(loose, IsEmpty());
}

}  // namespace

}  // namespace afterresume::sql
