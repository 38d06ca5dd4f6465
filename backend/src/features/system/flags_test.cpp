#include "features/system/flags.h"
#include "embedded/migrations.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

namespace afterresume::system {
namespace {

using namespace std::chrono_literals;

class FlagsTest : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (IsSkipped()) return;
        home.emplace(GetParam(), embedded::migrations());
        node.emplace(home->database(), std::vector<Flag>{}, [this] { return now; });
    }
    // As another node does.
    void turn(std::optional<TenantId> tenant, bool on) { home->run(turned(tenant, on)); }
    Task<void> turned(std::optional<TenantId> tenant, bool on) {
        auto tx = home->database().begin_engine(sql::Access::write);
        Repository().set_flag(*tx, {Flag::maintenance, tenant, on, UserId{7}, Timestamp{}});
        co_await tx->commit();
    }
    Task<void> switched_by_a_later_release() {
        static constexpr sql::Statement statement{"test.switch", R"sql(
            INSERT INTO feature_flag (name, tenant_id, is_on, set_by, set_at)
            VALUES ('of_a_later_release', 0, :on, 7, :at))sql"};
        auto tx = home->database().begin_engine(sql::Access::write);
        tx->defer(statement, sql::named("on", true), sql::named("at", Timestamp{}));
        co_await tx->commit();
    }
    bool is_on(std::optional<TenantId> tenant = std::nullopt) {
        return home->run(node->is_on(Flag::maintenance, tenant));
    }

    std::optional<sql::ScratchDatabase> home;
    Flags::Rows::Time now{1h};
    std::optional<Flags> node;
};

INSTANTIATE_TEST_SUITE_P(Databases, FlagsTest, sql::both_databases(), sql::dialect_name);

TEST_P(FlagsTest, LearnWithinASecondWhatOtherNodesSwitch) {
    ASSERT_FALSE(is_on());

    turn(std::nullopt, true);
    now += 1s;
    auto after = is_on(TenantId{2});
    turn(std::nullopt, false);
    now += 1s;

    EXPECT_TRUE(after);
    EXPECT_FALSE(is_on(TenantId{2}));
}

TEST_P(FlagsTest, ArePassedByWhereALaterReleaseKnowsThemAlone) {
    home->run(switched_by_a_later_release());
    turn(std::nullopt, true);

    EXPECT_TRUE(is_on());
}

TEST_P(FlagsTest, AreBelievedForAWhile) {
    ASSERT_FALSE(is_on());

    turn(std::nullopt, true);
    now += 300ms;

    EXPECT_FALSE(is_on());
}

TEST_P(FlagsTest, MayBeOnForOneTenantAlone) {
    turn(TenantId{2}, true);

    EXPECT_TRUE(is_on(TenantId{2}));
    EXPECT_FALSE(is_on(TenantId{3}));
    EXPECT_FALSE(is_on());
}

TEST_P(FlagsTest, AreOnWhateverIsSwitchedWhereTheSettingsSaySo) {
    node.emplace(home->database(), std::vector{Flag::maintenance});
    turn(std::nullopt, false);

    EXPECT_TRUE(is_on());
}

}  // namespace
}  // namespace afterresume::system
