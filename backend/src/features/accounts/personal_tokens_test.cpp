#include "features/accounts/testing.h"

namespace afterresume::accounts {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class PersonalTokensTest : public SignInTest {
protected:
    void SetUp() override {
        SignInTest::SetUp();
        if (!IsSkipped()) ada = sign_up(a_sign_up("ada@example.com"));
    }
    MadeToken make(const Grant& grant, std::vector<Permission> scopes) {
        return scratch->run(made(scope_of(grant), std::move(scopes)));
    }
    Task<MadeToken> made(Scope scope, std::vector<Permission> scopes) {
        auto tx = scratch->database().begin(scope, sql::Access::write);
        auto made = co_await tokens->make(*tx, scope, laptop, {"CLI", std::move(scopes), 30});
        co_await tx->commit();
        co_return made;
    }
    void revoke(const Grant& grant, Id<PersonalToken> id) {
        scratch->run(revoked(scope_of(grant), id));
    }
    Task<void> revoked(Scope scope, Id<PersonalToken> id) {
        auto tx = scratch->database().begin(scope, sql::Access::write);
        co_await tokens->revoke(*tx, scope, laptop, id, {});
        co_await tx->commit();
    }
    std::vector<PersonalToken> listed(const Grant& grant) {
        return scratch->run(list(scope_of(grant))).items;
    }
    Task<PersonalTokenPage> list(Scope scope) {
        auto tx = scratch->database().begin(scope, sql::Access::read);
        co_return co_await tokens->list(*tx, scope, {});
    }
    Scope scope_of_token(const std::string& token) {
        return scratch->run(open->authenticate(token, correlation));
    }
    std::string refusal(const std::string& token) {
        return code_of([&] { scope_of_token(token); });
    }

    Grant ada;
};

INSTANTIATE_TEST_SUITE_P(Databases, PersonalTokensTest, sql::both_databases(), sql::dialect_name);

TEST_P(PersonalTokensTest, ActForTheirOwnerWithinTheirScopes) {
    auto token = make(ada, {Permission::write}).token;

    auto scope = scope_of_token(token);

    EXPECT_EQ(scope.user(), scope_of(ada).user());
    EXPECT_EQ(scope.tenant(), scope_of(ada).tenant());
    EXPECT_TRUE(scope.is_limited());
    EXPECT_TRUE(scope.may(Permission::read));
    EXPECT_TRUE(scope.may(Permission::write));
    EXPECT_FALSE(scope.may(Permission::manage));
    EXPECT_FALSE(scope.may(Permission::own));
    EXPECT_FALSE(scope.is_staff());
}

TEST_P(PersonalTokensTest, MayNeverMoreThanTheirOwner) {
    invitations::CreateInvitation wanted;
    wanted.role = Role::read_only;
    auto reader = a_sign_up("bob@example.com");
    reader.invitation = invite(ada, wanted);
    auto bob = sign_up(reader);

    auto scope = scope_of_token(make(bob, {Permission::write, Permission::own}).token);

    EXPECT_TRUE(scope.may(Permission::read));
    EXPECT_FALSE(scope.may(Permission::write));
    EXPECT_FALSE(scope.may(Permission::own));
}

TEST_P(PersonalTokensTest, EndWithTheirTimeOrWhenTheyAreRevoked) {
    auto first = make(ada, {Permission::read});
    auto second = make(ada, {Permission::read});
    EXPECT_EQ(listed(ada).size(), 2U);

    revoke(ada, first.about.id);

    EXPECT_EQ(refusal(first.token), "accounts.not_signed_in");
    EXPECT_EQ(refusal(second.token), "none");
    EXPECT_EQ(listed(ada).size(), 1U);
    EXPECT_EQ(code_of([&] { revoke(ada, first.about.id); }), "request.not_found");
    EXPECT_THAT(trail(ada), Contains("token_revoked success"));
    clock.advance(std::chrono::days(30));
    EXPECT_EQ(refusal(second.token), "accounts.not_signed_in");
    EXPECT_EQ(refusal("arp_made-up"), "accounts.not_signed_in");
}

TEST_P(PersonalTokensTest, EndWithTheMembershipTheTenantOrThePassword) {
    auto bob = sign_up(a_sign_up("bob@example.com"));
    auto of_ada = make(ada, {Permission::read}).token;
    auto of_bob = make(bob, {Permission::read}).token;
    auto scope = scope_of(ada);

    scratch->run(credentials->change(scope, {good_password, "marble fjord 58 cactus"}, laptop));
    suspend_tenant(bob);

    EXPECT_EQ(refusal(of_ada), "accounts.not_signed_in");
    EXPECT_EQ(refusal(of_bob), "accounts.not_signed_in");
}

TEST_P(PersonalTokensTest, TellWhenTheyWereUsed) {
    auto made = make(ada, {Permission::read});
    EXPECT_EQ(listed(ada)[0].last_used_at, std::nullopt);

    scope_of_token(made.token);

    EXPECT_EQ(listed(ada)[0].last_used_at, clock.now());
}

TEST_P(PersonalTokensTest, AreTheirOwnersAlone) {
    auto made = make(ada, {Permission::read});
    auto bob = sign_up(a_sign_up("bob@example.com"));

    EXPECT_THAT(listed(bob), IsEmpty());
    EXPECT_NE(code_of([&] { revoke(bob, made.about.id); }), "none");
    EXPECT_EQ(refusal(made.token), "none");
}

}  // namespace
}  // namespace afterresume::accounts
