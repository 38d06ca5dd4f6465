#include "features/accounts/administration.h"

#include "features/accounts/service.h"
#include "features/accounts/testing.h"
#include "features/tenants/repository.h"
#include "infra/single_use/testing.h"

namespace afterresume::accounts {
namespace {

using testing::AnyOf;
using testing::Each;
using testing::ElementsAre;
using testing::Key;
using testing::SizeIs;

constexpr auto bobs_address = "bob@example.com";

// ada operates the installation, bob is invited to own a tenant in it.
class AdministrationTest : public SignInTest {
protected:
    void SetUp() override {
        SignInTest::SetUp();
        if (IsSkipped()) return;
        quotas.emplace(scratch->database(), std::map<std::string, tenants::Limits>{}, clock);
        any_tenant.emplace(
            tenants::Administration::Parts{rows, tenant_deletion, erasures, *quotas, audit, clock}
        );
        deletion.emplace(Deletion::Parts{
            scratch->database(), accounts, *credentials, tenants, tenant_deletion, audit, clock
        });
        administration.emplace(Administration::Parts{
            scratch->database(), accounts, *credentials, hashing, *deletion, tenants, *any_tenant,
            invitations, audit, clock
        });
        auto ada = sign_up(a_sign_up("ada@example.com"));
        be_operator(ada);
        operating = scope_of(ada);
        bob = scope_of(sign_up(a_sign_up(bobs_address, "Bob")));
    }
    TenantId make_tenant(std::string owner_email) {
        tenants::NewTenant wanted{"Engines", std::move(owner_email), {}};
        return scratch->run(administration->make_tenant(std::move(wanted), *operating, laptop)).id;
    }
    Task<void> invited_owner(TenantId tenant, std::string email) {
        co_await administration->invite_owner(tenant, {std::move(email)}, *operating, laptop);
    }
    std::string invite_owner(TenantId tenant, std::string email = bobs_address) {
        return code_of([&] { scratch->run(invited_owner(tenant, std::move(email))); });
    }
    Task<void> accepted(std::string code) {
        auto invited = co_await open->find_invited(*bob, std::move(code));
        co_await entered(invited);
    }
    Task<void> entered(const SignIn::Invited& invited) {
        auto tx = scratch->database().begin(invited.inside, sql::Access::write);
        co_await open->accept_invitation(*tx, invited, laptop);
        co_await tx->commit();
    }
    std::string accept(std::string code) {
        return code_of([&] { scratch->run(accepted(std::move(code))); });
    }
    Task<void> accept_at(std::string code, single_use::Barrier& barrier) {
        auto invited = co_await open->find_invited(*bob, std::move(code));
        co_await barrier.arrive();
        co_await entered(invited);
    }
    Task<void> invite_at(TenantId tenant, single_use::Barrier& barrier) {
        co_await barrier.arrive();
        co_await invited_owner(tenant, bobs_address);
    }
    std::int64_t count(TenantId tenant, const sql::Statement& statement) {
        auto scope = operator_in(tenant, *operating);
        auto tx = scratch->database().begin(scope, sql::Access::read);
        return scratch->run(tx->one<std::int64_t>(statement, scope));
    }
    std::int64_t owners(TenantId tenant) {
        static constexpr sql::Statement statement{
            "test.owners", "SELECT count(*) FROM membership WHERE tenant_id = :tenant_id"
        };
        return count(tenant, statement);
    }
    std::int64_t open_invitations(TenantId tenant) {
        static constexpr sql::Statement statement{
            "test.open_invitations",
            "SELECT count(*) FROM invitation WHERE tenant_id = :tenant_id AND redeemed_at IS NULL"
        };
        return count(tenant, statement);
    }
    void change_in(TenantId tenant, const sql::Statement& statement) {
        scratch->run(changed(operator_in(tenant, *operating), statement));
    }
    std::vector<std::string> trail_in(TenantId tenant) {
        return scratch->run(trail_of(operator_in(tenant, *operating)));
    }

    tenants::Repository rows;
    tenants::Erasures erasures{audit, clock};
    tenants::Deletion tenant_deletion{
        {rows, tenants, erasures, audit, clock}, std::chrono::days(7)
    };
    std::optional<tenants::Quotas> quotas;
    std::optional<tenants::Administration> any_tenant;
    std::optional<Deletion> deletion;
    std::optional<Administration> administration;
    std::optional<Scope> operating;
    std::optional<Scope> bob;
};

INSTANTIATE_TEST_SUITE_P(Databases, AdministrationTest, sql::both_databases(), sql::dialect_name);

TEST_P(AdministrationTest, LetsNobodyInByAnInvitationThatAnotherReplaced) {
    auto tenant = make_tenant(bobs_address);
    auto former = mailed_code();

    auto invited = invite_owner(tenant);
    auto code = mailed_code();

    EXPECT_EQ(invited, "none");
    EXPECT_EQ(letters.back().to, bobs_address);
    EXPECT_EQ(open_invitations(tenant), 1);
    EXPECT_EQ(accept(former), "invitations.not_usable");
    EXPECT_EQ(accept(code), "none");
    EXPECT_THAT(
        trail_in(tenant),
        ElementsAre(
            "member_joined success", "invitation_redeemed success", "invitation_made success",
            "invitation_revoked success", "invitation_made success", "tenant_created success"
        )
    );
}

TEST_P(AdministrationTest, InvitesWhoeverShallOwnTheTenantNow) {
    auto tenant = make_tenant("bbo@example.com");

    auto refused = accept(mailed_code());
    invite_owner(tenant);

    EXPECT_EQ(refused, "invitations.not_usable");
    EXPECT_EQ(accept(mailed_code()), "none");
}

TEST_P(AdministrationTest, InvitesAnOwnerWhoseInvitationRanOut) {
    auto tenant = make_tenant(bobs_address);
    clock.advance(std::chrono::days(8));
    auto late = accept(mailed_code());

    invite_owner(tenant);

    EXPECT_EQ(late, "invitations.not_usable");
    EXPECT_EQ(accept(mailed_code()), "none");
}

TEST_P(AdministrationTest, InvitesNoOwnerWhereThereIsOne) {
    auto tenant = make_tenant(bobs_address);
    accept(mailed_code());
    auto before = trail_in(tenant);

    auto refused = invite_owner(tenant, "carol@example.com");

    EXPECT_EQ(refused, "tenants.has_owner");
    EXPECT_EQ(open_invitations(tenant), 0);
    EXPECT_EQ(trail_in(tenant), before);
}

TEST_P(AdministrationTest, InvitesNoOwnerIntoATenantThatNobodyEnters) {
    static constexpr sql::Statement suspend{
        "test.suspend", "UPDATE tenant SET status = 'suspended' WHERE id = :tenant_id"
    };
    auto tenant = make_tenant(bobs_address);
    change_in(tenant, suspend);
    auto mails = letters.size();

    auto refused = invite_owner(tenant);

    EXPECT_EQ(refused, "tenants.not_active");
    EXPECT_THAT(letters, SizeIs(mails));
    EXPECT_EQ(invite_owner(TenantId{424'242}), "request.not_found");
}

TEST_P(AdministrationTest, HasOneOwnerOrOneInvitationHoweverManyInviteAndComeAtOnce) {
    static constexpr sql::Statement leave{
        "test.leave", "DELETE FROM membership WHERE tenant_id = :tenant_id"
    };
    for (int round = 0; round < single_use::rounds(); ++round) {
        auto tenant = make_tenant(bobs_address);
        auto code = mailed_code();
        int number = 0;

        auto ends = single_use::at_once(*scratch, [&](single_use::Barrier& barrier) {
            return ++number % 2 == 0 ? accept_at(code, barrier) : invite_at(tenant, barrier);
        });

        ASSERT_THAT(ends, Each(Key(AnyOf("done", "invitations.not_usable", "tenants.has_owner"))));
        ASSERT_EQ(owners(tenant) + open_invitations(tenant), 1);
        change_in(tenant, leave);
    }
}

}  // namespace
}  // namespace afterresume::accounts
