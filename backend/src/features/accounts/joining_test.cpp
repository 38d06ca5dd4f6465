#include "core/scope_mint.h"
#include "features/accounts/testing.h"
#include "infra/single_use/testing.h"

namespace afterresume::accounts {
namespace {

using testing::ElementsAre;
using testing::Pair;

class JoiningTest : public SignInTest {
protected:
    void SetUp() override {
        SignInTest::SetUp();
        if (IsSkipped()) return;
        ada = sign_up(a_sign_up("ada@example.com"));
        bob = sign_up(a_sign_up("bob@example.com", "Bob"));
    }
    tenants::OwnTenant create(const Grant& grant, std::string name) {
        return scratch->run(created(scope_of(grant), std::move(name)));
    }
    tenants::OwnTenant accept(const Grant& grant, std::string code) {
        return scratch->run(accepted(scope_of(grant), std::move(code)));
    }
    Task<tenants::OwnTenant> created(Scope scope, std::string name) {
        auto inside = co_await open->in_new_tenant(scope);
        auto tx = scratch->database().begin(inside, sql::Access::write);
        auto tenant = co_await open->create_tenant(*tx, inside, std::move(name), laptop);
        co_await tx->commit();
        co_return tenant;
    }
    Task<tenants::OwnTenant> accepted(Scope scope, std::string code) {
        auto invited = co_await open->find_invited(scope, std::move(code));
        auto tx = scratch->database().begin(invited.inside, sql::Access::write);
        auto tenant = co_await open->accept_invitation(*tx, invited, laptop);
        co_await tx->commit();
        co_return tenant;
    }
    std::string refusal(const Grant& grant, std::string code) {
        return code_of([&] { accept(grant, std::move(code)); });
    }
    std::vector<std::string> tenants_of(const Grant& grant) {
        auto scope = scope_of(grant);
        auto tx = scratch->database().begin(scope, sql::Access::read);
        std::vector<std::string> out;
        for (auto& one : scratch->run(tenants.list_own(*tx, scope)))
            out.push_back(fmt::format("{} {}", one.name, describe::name_of(one.role)));
        return out;
    }
    void end_membership() {
        change(ada, end_of_membership);
        clock.advance(std::chrono::seconds(1));
        guard.emplace(scratch->database(), accounts);
    }
    Task<void> accept_at(Scope scope, std::string code, single_use::Barrier& barrier) {
        co_await barrier.arrive();
        co_await accepted(scope, code);
    }

    // Bob's in ada's tenant.
    static constexpr sql::Statement end_of_membership{
        "test.end_membership", "DELETE FROM membership WHERE role <> 'owner'"
    };

    Grant ada;
    Grant bob;
};

INSTANTIATE_TEST_SUITE_P(Databases, JoiningTest, sql::both_databases(), sql::dialect_name);

TEST_P(JoiningTest, MakesAnotherTenantToOwn) {
    auto made = create(ada, "Engines");

    EXPECT_EQ(made.role, Role::owner);
    EXPECT_THAT(tenants_of(ada), ElementsAre("Ada Lovelace owner", "Engines owner"));
    EXPECT_THAT(tenants_of(bob), ElementsAre("Bob owner"));
}

TEST_P(JoiningTest, PagesTenantsSoThatThoseToBeDeletedAreLast) {
    static constexpr sql::Statement statement{
        "test.plan_deletion",
        "UPDATE tenant SET status = 'pending_deletion', purge_at = created_at WHERE id = :tenant_id"
    };
    create(ada, "Engines");
    create(ada, "Looms");
    change(ada, statement);
    auto scope = scope_of(ada);
    auto tx = scratch->database().begin(scope, sql::Access::read);
    auto page = [&](ListMore query) { return scratch->run(tenants.page_own(*tx, scope, query)); };
    auto after = [](const tenants::OwnTenantPage& one) {
        return std::optional<std::int64_t>(std::stoll(one.next_cursor.value()));
    };

    auto first = page({1, {}});
    auto second = page({1, after(first)});
    auto third = page({1, after(second)});

    EXPECT_EQ(first.items.at(0).name, "Engines");
    EXPECT_EQ(second.items.at(0).name, "Looms");
    EXPECT_EQ(third.items.at(0).status, tenants::TenantStatus::pending_deletion);
    EXPECT_FALSE(third.next_cursor);
    EXPECT_EQ(page({2, {}}).next_cursor, second.next_cursor);
}

TEST_P(JoiningTest, SwitchesWithinTheFamilySoThatTwoTabsAreInTwoTenants) {
    auto engines = create(ada, "Engines");

    auto there = switch_to(engines.id, ada);

    EXPECT_EQ(there.body.user.tenant_name, "Engines");
    EXPECT_EQ(scope_of(there).tenant(), engines.id);
    EXPECT_EQ(scope_of(there).session(), scope_of(ada).session());
    EXPECT_EQ(scope_of(ada).tenant(), ada.body.user.tenant_id);
    EXPECT_THAT(trail(there), ElementsAre("refresh success", "tenant_created success"));
}

TEST_P(JoiningTest, StaysWhereItWasSwitchedToUnlessToldOtherwise) {
    auto engines = create(ada, "Engines");

    auto next = refresh(switch_to(engines.id, ada));
    auto back = switch_to(ada.body.user.tenant_id, next);

    EXPECT_EQ(scope_of(next).tenant(), engines.id);
    EXPECT_EQ(scope_of(back).tenant(), ada.body.user.tenant_id);
}

TEST_P(JoiningTest, SwitchesToNoTenantOfOthersAndBurnsNothing) {
    auto refused = code_of([&] { switch_to(bob.body.user.tenant_id, ada); });

    EXPECT_EQ(refused, "request.not_found");
    EXPECT_EQ(scope_of(refresh(ada)).tenant(), ada.body.user.tenant_id);
}

TEST_P(JoiningTest, SignsOutFromWhicheverTenant) {
    auto engines = create(ada, "Engines");
    auto there = switch_to(engines.id, ada);

    log_out(there);

    EXPECT_FALSE(is_signed_in(there));
    EXPECT_FALSE(is_signed_in(ada));
    EXPECT_EQ(code_of([&] { refresh(there); }), "accounts.not_signed_in");
}

TEST_P(JoiningTest, JoinsByInvitation) {
    invitations::CreateInvitation wanted;
    wanted.role = Role::admin;
    auto code = invite(ada, wanted);

    auto joined = accept(bob, code);

    EXPECT_EQ(joined.name, "Ada Lovelace");
    EXPECT_EQ(scope_of(switch_to(joined.id, bob)).role(), Role::admin);
    EXPECT_EQ(refusal(bob, code), "invitations.not_usable");
    EXPECT_EQ(trail(ada).front(), "refresh success");
}

TEST_P(JoiningTest, UsesNoInvitationUpForWhoIsAMemberOrIsNotMeant) {
    auto code = invite(ada);
    invitations::CreateInvitation carols;
    carols.email = "carol@example.com";
    auto for_carol = invite(ada, carols);

    EXPECT_EQ(refusal(ada, code), "tenants.member_already");
    EXPECT_EQ(refusal(bob, for_carol), "invitations.not_usable");
    EXPECT_EQ(refusal(bob, "made up"), "invitations.not_usable");
    EXPECT_EQ(refusal(bob, code), "none");
}

TEST_P(JoiningTest, JoinsOnceHoweverOftenAtOnce) {
    auto host = scope_of(ada);
    auto guest = scope_of(bob);
    for (int round = 0; round < single_use::rounds(); ++round) {
        auto code = invite_as(host);

        auto ends = single_use::at_once(*scratch, [&](single_use::Barrier& barrier) {
            return accept_at(guest, code, barrier);
        });

        ASSERT_THAT(
            ends, ElementsAre(Pair("done", 1), Pair("invitations.not_usable", single_use::many - 1))
        );
        ASSERT_THAT(tenants_of(bob), ElementsAre("Bob owner", "Ada Lovelace member"));
        scratch->run(changed(host, end_of_membership));
    }
}

TEST_P(JoiningTest, GoesOnElsewhereWhenAMembershipEnds) {
    auto there = switch_to(accept(bob, invite(ada)).id, bob);

    end_membership();

    EXPECT_FALSE(is_signed_in(there));
    EXPECT_EQ(scope_of(refresh(there)).tenant(), bob.body.user.tenant_id);
}

TEST_P(JoiningTest, LetsNoTokenOfAnEarlierMembershipIn) {
    auto there = switch_to(accept(bob, invite(ada)).id, bob);
    auto scope = scope_of(there);
    auto tx = scratch->database().begin(scope, sql::Access::write);
    auto made = scratch->run(tokens->make(*tx, scope, laptop, {"CLI", {}, std::nullopt}));
    scratch->run(tx->commit());
    auto by_token = [&] { scratch->run(open->authenticate(made.token, correlation)); };
    auto before = code_of(by_token);

    end_membership();
    accept(bob, invite(ada));

    EXPECT_EQ(before, "none");
    EXPECT_EQ(code_of(by_token), "accounts.not_signed_in");
}

TEST_P(JoiningTest, GivesWhoBelongsNowhereATenantOfTheirOwn) {
    auto wanted = a_sign_up("carol@example.com", "Carol");
    wanted.invitation = invite(ada);
    auto carol = sign_up(wanted);
    end_membership();

    auto refused = code_of([&] { refresh(carol); });
    auto again = log_in("carol@example.com");

    EXPECT_EQ(refused, "accounts.not_signed_in");
    EXPECT_THAT(tenants_of(again), ElementsAre("Carol owner"));
}

}  // namespace
}  // namespace afterresume::accounts
