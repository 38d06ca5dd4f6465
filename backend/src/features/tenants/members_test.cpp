#include "features/tenants/members.h"
#include "features/tenants/testing.h"
#include "infra/single_use/testing.h"

#include <boost/json/value.hpp>

#include <gmock/gmock.h>

namespace afterresume::tenants {
namespace {

using testing::ElementsAre;
using testing::Pair;

const auditing::Origin somewhere{"192.0.2.7", "Laptop"};

class MembersTest : public TenantTest {
protected:
    void SetUp() override {
        TenantTest::SetUp();
        if (!IsSkipped()) home->run(found());
    }

    // The user comes into being, too.
    Id<Member> join(std::int64_t user, Role role) { return home->run(joined(user, role)); }
    Task<Id<Member>> joined(std::int64_t user, Role role) {
        static constexpr sql::Statement statement{
            "test.user", R"sql(
            INSERT INTO app_user (id, email, email_folded, password_hash, display_name, time_zone, locale, is_staff,
                                  is_active, created_at, updated_at)
            VALUES (:user_id, :email, :email, '', :email, 'UTC', 'en', FALSE, TRUE, :now, :now))sql"
        };
        auto scope = scope_of(user);
        auto tx = home->database().begin(scope, sql::Access::write);
        tx->defer(
            statement, scope, sql::named("email", fmt::format("user{}@example.org", user)),
            sql::named("now", clock.now())
        );
        co_await tenants.join(*tx, scope, role);
        auto member = co_await rows.find_own(*tx, scope);
        co_await tx->commit();
        co_return member->id;
    }

    // One act of a user in a transaction of its own.
    template <class Act>
    Task<void> acted(std::int64_t user, Act act) {
        auto scope = scope_of(user);
        auto tx = home->database().begin(scope, sql::Access::write);
        co_await act(*tx, scope);
        co_await tx->commit();
    }
    template <class Act>
    std::string code_of(std::int64_t user, Act act) {
        try {
            home->run(acted(user, act));
        } catch (const Error& error) {
            return error.code();
        }
        return "none";
    }
    std::string edit(std::int64_t user, Id<Member> id, EditMember change, Match match = {}) {
        return code_of(user, [this, id, change, match](sql::Tx& tx, const Scope& scope) {
            return members.edit(tx, scope, somewhere, id, match, change);
        });
    }
    std::string give(std::int64_t user, Id<Member> id, Role role) {
        return edit(user, id, {{role}, {}});
    }
    std::string suspend(std::int64_t user, Id<Member> id) {
        return edit(user, id, {{}, {Status::suspended}});
    }
    std::string cap(std::int64_t user, Id<Member> id, std::int64_t percent) {
        return edit(user, id, {{}, {}, {percent}});
    }
    std::string remove(std::int64_t user, Id<Member> id) {
        return code_of(user, [this, id](sql::Tx& tx, const Scope& scope) {
            return members.remove(tx, scope, somewhere, id, {});
        });
    }
    std::string leave(std::int64_t user) {
        return code_of(user, [this](sql::Tx& tx, const Scope& scope) {
            return members.leave(tx, scope, somewhere);
        });
    }
    std::string transfer(std::int64_t user, Id<Member> to) {
        return code_of(user, [this, to](sql::Tx& tx, const Scope& scope) {
            return members.transfer(tx, scope, somewhere, to);
        });
    }
    std::vector<std::string> roles() { return home->run(listed()); }
    Task<std::vector<std::string>> listed() {
        auto scope = scope_of(11);
        auto tx = home->database().begin(scope, sql::Access::read);
        std::vector<std::string> out;
        for (auto& one : (co_await members.list(*tx, scope, {100, std::nullopt})).items) {
            out.push_back(fmt::format(
                "{} {}{}{}", one.user_id.value, describe::name_of(one.role),
                one.status == Status::active ? "" : " suspended",
                one.share_percent == 100 ? "" : fmt::format(" {} %", one.share_percent)
            ));
        }
        co_return out;
    }
    std::vector<std::string> trail() { return home->run(told()); }
    Task<std::vector<std::string>> told() {
        auto scope = scope_of(11);
        auto tx = home->database().begin(scope, sql::Access::read);
        std::vector<std::string> out;
        for (auto& event : (co_await audit.list(*tx, scope, 100, std::nullopt)).items)
            out.emplace_back(describe::name_of(event.name));
        co_return out;
    }
    Task<void> step_down(std::int64_t user, Id<Member> id, single_use::Barrier& barrier) {
        auto scope = scope_of(user);
        co_await barrier.arrive();
        auto tx = home->database().begin(scope, sql::Access::write);
        co_await members.edit(*tx, scope, somewhere, id, {}, {{Role::member}, {}});
        co_await tx->commit();
    }

    Repository rows;
    Members members{{rows, tenants, audit, clock}};
};

INSTANTIATE_TEST_SUITE_P(Databases, MembersTest, sql::both_databases(), sql::dialect_name);

TEST_P(MembersTest, LetsOwnersGiveAnyRole) {
    join(11, Role::owner);
    auto bob = join(12, Role::member);

    EXPECT_EQ(give(11, bob, Role::owner), "none");

    EXPECT_THAT(roles(), ElementsAre("11 owner", "12 owner"));
    EXPECT_THAT(trail(), ElementsAre("role_changed"));
}

TEST_P(MembersTest, LetsAdminsChangeThoseBelowThemOnly) {
    auto ada = join(11, Role::owner);
    auto bob = join(12, Role::admin);
    auto eve = join(13, Role::admin);
    auto dan = join(14, Role::member);

    EXPECT_EQ(give(12, ada, Role::member), "tenants.role_too_high");
    EXPECT_EQ(give(12, eve, Role::member), "tenants.role_too_high");
    EXPECT_EQ(give(12, bob, Role::owner), "tenants.role_too_high");
    EXPECT_EQ(give(12, dan, Role::admin), "tenants.role_too_high");
    EXPECT_EQ(remove(12, ada), "tenants.role_too_high");
    EXPECT_EQ(give(12, dan, Role::read_only), "none");
    EXPECT_EQ(suspend(12, dan), "none");
    EXPECT_THAT(roles(), ElementsAre("11 owner", "12 admin", "13 admin", "14 read_only suspended"));
}

TEST_P(MembersTest, LetsThoseWhoMayChangeAMemberCapTheirShare) {
    auto ada = join(11, Role::owner);
    auto bob = join(12, Role::admin);
    auto dan = join(13, Role::member);

    EXPECT_EQ(cap(12, ada, 50), "tenants.role_too_high");
    EXPECT_EQ(cap(12, bob, 50), "tenants.role_too_high");
    EXPECT_EQ(cap(13, dan, 50), "request.not_permitted");
    EXPECT_EQ(cap(12, dan, 1), "none");
    EXPECT_EQ(cap(12, dan, 1), "none");
    EXPECT_EQ(cap(11, ada, 20), "none");
    EXPECT_THAT(roles(), ElementsAre("11 owner 20 %", "12 admin", "13 member 1 %"));
    EXPECT_THAT(trail(), ElementsAre("member_limited", "member_limited"));
}

// The scopes of these tests say nothing of roles; what counts is what the database says.
TEST_P(MembersTest, AsksForTheRoleThatIsTrueNow) {
    join(11, Role::owner);
    auto bob = join(12, Role::admin);
    auto dan = join(14, Role::member);
    give(11, bob, Role::member);

    EXPECT_EQ(give(12, dan, Role::read_only), "request.not_permitted");
    EXPECT_EQ(remove(12, dan), "request.not_permitted");
    EXPECT_EQ(transfer(12, dan), "request.not_permitted");
}

TEST_P(MembersTest, TakesRightsFromWhoIsSuspendedAndGivesThemBack) {
    join(11, Role::owner);
    auto bob = join(12, Role::admin);
    auto dan = join(14, Role::member);

    suspend(11, bob);
    auto meanwhile = give(12, dan, Role::read_only);
    edit(11, bob, {{}, {Status::active}});

    EXPECT_EQ(meanwhile, "request.not_permitted");
    EXPECT_EQ(give(12, dan, Role::read_only), "none");
    EXPECT_THAT(trail(), ElementsAre("role_changed", "member_reactivated", "member_suspended"));
}

TEST_P(MembersTest, KeepsTheLastOwner) {
    auto ada = join(11, Role::owner);
    auto bob = join(12, Role::owner);
    ASSERT_EQ(suspend(11, bob), "none");

    EXPECT_EQ(give(11, ada, Role::admin), "tenants.last_owner");
    EXPECT_EQ(suspend(11, ada), "tenants.last_owner");
    EXPECT_EQ(remove(11, ada), "tenants.last_owner");
    EXPECT_EQ(leave(11), "tenants.last_owner");
    EXPECT_THAT(roles(), ElementsAre("11 owner", "12 owner suspended"));
}

TEST_P(MembersTest, KeepsOneOfManyOwnersWhoStepDownAtOnce) {
    std::vector<Id<Member>> owners;
    for (int i = 0; i < single_use::many; ++i) owners.push_back(join(100 + i, Role::owner));
    int next = 0;

    auto ends = single_use::at_once(*home, [&](single_use::Barrier& barrier) {
        auto one = next++;
        return step_down(100 + one, owners.at(static_cast<std::size_t>(one)), barrier);
    });

    EXPECT_THAT(
        ends, ElementsAre(Pair("done", single_use::many - 1), Pair("tenants.last_owner", 1))
    );
}

TEST_P(MembersTest, LetsPeopleLeave) {
    join(11, Role::owner);
    join(12, Role::read_only);

    EXPECT_EQ(leave(12), "none");

    EXPECT_THAT(roles(), ElementsAre("11 owner"));
    EXPECT_EQ(leave(12), "request.not_permitted");
    EXPECT_THAT(trail(), ElementsAre("member_left"));
}

TEST_P(MembersTest, HandsOwnershipOver) {
    auto ada = join(11, Role::owner);
    auto bob = join(12, Role::member);

    EXPECT_EQ(transfer(11, ada), "tenants.no_heir");
    EXPECT_EQ(transfer(11, bob), "none");

    EXPECT_THAT(roles(), ElementsAre("11 admin", "12 owner"));
    EXPECT_THAT(trail(), ElementsAre("ownership_transferred"));
    EXPECT_EQ(transfer(11, bob), "request.not_permitted");
}

TEST_P(MembersTest, RefusesAChangeOfAnEarlierVersion) {
    join(11, Role::owner);
    auto bob = join(12, Role::member);
    ASSERT_EQ(edit(11, bob, {{Role::admin}, {}}, {1}), "none");

    EXPECT_EQ(edit(11, bob, {{Role::member}, {}}, {1}), "request.changed_meanwhile");
}

TEST_P(MembersTest, ListsMembersByPages) {
    for (std::int64_t user = 11; user < 14; ++user) join(user, Role::owner);
    auto scope = scope_of(11);
    auto tx = home->database().begin(scope, sql::Access::read);

    auto first = home->run(members.list(*tx, scope, {2, std::nullopt}));
    auto second = home->run(members.list(*tx, scope, {2, std::stoll(first.next_cursor.value())}));

    EXPECT_EQ(first.items.size(), 2U);
    EXPECT_EQ(first.items.front().email, "user11@example.org");
    ASSERT_EQ(second.items.size(), 1U);
    EXPECT_EQ(second.items.front().user_id, UserId{13});
    EXPECT_EQ(second.next_cursor, std::nullopt);
}

TEST_P(MembersTest, RenamesTheTenantForThoseWhoManageIt) {
    join(11, Role::owner);
    join(12, Role::member);
    auto rename = [&](std::int64_t user, Match match) {
        return code_of(user, [this, match](sql::Tx& tx, const Scope& scope) {
            return tenants.edit(tx, scope, somewhere, match, {{"Analytical Engines"}});
        });
    };

    EXPECT_EQ(rename(12, {1}), "request.not_permitted");
    EXPECT_EQ(rename(11, {1}), "none");
    EXPECT_EQ(rename(11, {1}), "request.changed_meanwhile");
    EXPECT_THAT(trail(), ElementsAre("tenant_changed"));
}

}  // namespace
}  // namespace afterresume::tenants
