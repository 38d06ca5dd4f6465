#include "features/auditing/sealer.h"
#include "features/auditing/service.h"
#include "features/auditing/verification.h"

#include "core/scope_mint.h"
#include "embedded/migrations.h"
#include "infra/single_use/testing.h"

#include <gmock/gmock.h>

namespace afterresume::auditing {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class AuditChain : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (!IsSkipped()) home.emplace(GetParam(), embedded::migrations());
    }
    Task<void> recorded(Scope scope, Act act, bool kept) {
        auto tx = home->database().begin(scope, sql::Access::write);
        co_await audit.record(*tx, scope, {"192.0.2.7", "Laptop"}, act, Outcome::success);
        if (kept) co_await tx->commit();
    }
    void record(const Scope& scope, Act act, bool kept = true) {
        home->run(recorded(scope, act, kept));
    }
    Task<std::int64_t> sealed() {
        Sealer sealer({home->io(), home->database(), clock, log});
        co_return co_await sealer.seal_all();
    }
    Task<void> sealed_behind(single_use::Barrier& barrier) {
        co_await barrier.arrive();
        co_await sealed();
    }
    Task<CheckedChain> checked(Scope scope) {
        auto tx = home->database().begin(scope, sql::Access::read);
        co_return co_await check_chain(*tx, scope.tenant());
    }
    CheckedChain check(const Scope& scope) { return home->run(checked(scope)); }
    Task<std::int64_t> changed(std::unique_ptr<sql::Tx> tx, sql::Statement statement) {
        auto rows = co_await tx->execute(statement);
        co_await tx->commit();
        co_return rows;
    }
    bool is_refused(std::string_view text) {
        for (int as_engine = 0; as_engine < 2; ++as_engine) {
            auto tx = as_engine ? home->database().begin_engine(sql::Access::write)
                                : home->database().begin(home->alice(), sql::Access::write);
            try {
                home->run(changed(std::move(tx), sql::Statement{text, text}));
                return false;
            } catch (const std::exception&) {
                continue;
            }
        }
        return true;
    }

    void act_as_operator() {
        static constexpr sql::Statement statement{"test.act", R"sql(
            INSERT INTO operator_act (id, operator_id, act, tenant_id, subject, address, user_agent, correlation_id, created_at)
            VALUES ('01a1ff82-947a-707a-8e8a-250740f6c615', 11, 'retry_job', 1, 'a job', '', '',
                    '01a1ff82-947a-707a-8e8a-250740f6c616', '2026-03-10T12:00:00Z'))sql"};
        static constexpr sql::Statement on_sqlite{"test.act", R"sql(
            INSERT INTO operator_act (id, operator_id, act, tenant_id, subject, address, user_agent, correlation_id, created_at)
            VALUES ('01a1ff82-947a-707a-8e8a-250740f6c615', 11, 'retry_job', 1, 'a job', '', '',
                    '01a1ff82-947a-707a-8e8a-250740f6c616', 1773144000000))sql"};
        home->run(changed(
            home->database().begin_engine(sql::Access::write),
            GetParam() == sql::Dialect::sqlite ? on_sqlite : statement
        ));
    }
    Task<CheckedTrail> whole_trail() {
        auto tx = home->database().begin_engine(sql::Access::read);
        co_return co_await check_trail(*tx);
    }

    ManualClock clock{*parse_timestamp("2026-03-10T12:00:00Z")};
    observability::Log log{observability::Level::error, observability::LogFormat::text, stderr};
    Service audit{clock};
    std::optional<sql::ScratchDatabase> home;
};

INSTANTIATE_TEST_SUITE_P(Databases, AuditChain, sql::both_databases(), sql::dialect_name);

TEST_P(AuditChain, HoldsWhatConcernsNoTenantAmongTheActsOfOperators) {
    auto nobody = ScopeMint::mint(Identity{});
    act_as_operator();
    record(nobody, Act::login);
    auto before = home->run(whole_trail());

    home->run(sealed());
    auto after = home->run(whole_trail());

    EXPECT_THAT(before.broken, IsEmpty());
    EXPECT_THAT(after.broken, IsEmpty());
    EXPECT_EQ(after.sealed, 2);
}

TEST_P(AuditChain, SealsEachRecordOnceInAChainOfItsTenant) {
    record(home->alice(), Act::login);
    record(home->alice(), Act::refresh);
    record(home->bob(), Act::login);

    EXPECT_EQ(home->run(sealed()), 3);
    record(home->alice(), Act::logout);
    EXPECT_EQ(home->run(sealed()), 1);
    EXPECT_EQ(home->run(sealed()), 0);

    EXPECT_EQ(check(home->alice()).sealed, 3);
    EXPECT_EQ(check(home->bob()).sealed, 1);
    EXPECT_THAT(check(home->alice()).faults, IsEmpty());
    EXPECT_NE(check(home->alice()).head, check(home->bob()).head);
}

TEST_P(AuditChain, HasAChainOfTheOperatorsActs) {
    record(home->alice(), Act::login);
    act_as_operator();
    home->run(sealed());

    auto trail = home->run(whole_trail());

    EXPECT_EQ(trail.chains, 2);
    EXPECT_EQ(trail.sealed, 2);
    EXPECT_NE(trail.head, "");
    EXPECT_THAT(trail.broken, IsEmpty());
    EXPECT_EQ(check(home->alice()).sealed, 1);
}

TEST_P(AuditChain, KnowsNothingOfWhatWasRolledBack) {
    record(home->alice(), Act::login, false);

    EXPECT_EQ(home->run(sealed()), 0);
    EXPECT_EQ(check(home->alice()).sealed, 0);
    EXPECT_THAT(check(home->alice()).faults, IsEmpty());
}

TEST_P(AuditChain, TakesWhatIsNotSealedYetForIntact) {
    record(home->alice(), Act::login);

    EXPECT_THAT(check(home->alice()).faults, IsEmpty());
}

TEST_P(AuditChain, IsOneChainWhoeverSealsAtTheSameTime) {
    for (int i = 0; i < 20; ++i) record(home->alice(), Act::refresh);

    auto ends = single_use::at_once(*home, [&](single_use::Barrier& barrier) {
        return sealed_behind(barrier);
    });
    home->run(sealed());

    EXPECT_THAT(ends, ElementsAre(testing::Pair("done", single_use::many)));
    EXPECT_EQ(check(home->alice()).sealed, 20);
    EXPECT_THAT(check(home->alice()).faults, IsEmpty());
}

TEST_P(AuditChain, IsRewrittenByNobodyWhoUsesTheProgramsRoles) {
    record(home->alice(), Act::login);
    act_as_operator();
    home->run(sealed());

    for (auto* text :
         {"UPDATE auth_event SET outcome = 'failure'", "DELETE FROM auth_event",
          "UPDATE audit_seal SET place = 7", "DELETE FROM audit_seal",
          "UPDATE operator_act SET act = 'none'", "DELETE FROM operator_act"}) {
        EXPECT_TRUE(is_refused(text)) << text;
    }
    EXPECT_EQ(check(home->alice()).sealed, 1);
    EXPECT_THAT(check(home->alice()).faults, IsEmpty());
}

}  // namespace
}  // namespace afterresume::auditing
