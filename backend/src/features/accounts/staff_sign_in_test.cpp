#include "features/accounts/testing.h"
#include "infra/single_use/testing.h"

namespace afterresume::accounts {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::Not;

// ada operates the installation, bob does not.
class StaffSignInTest : public SignInTest {
protected:
    void SetUp() override {
        SignInTest::SetUp();
        if (IsSkipped()) return;
        ada = sign_up(a_sign_up("ada@example.com"));
        bob = sign_up(a_sign_up("bob@example.com"));
        be_staff(true);
        staff.emplace(parts(), csrf_keys, Rules{SignUpMode::open});
        strict.emplace(parts(), csrf_keys, Rules{SignUpMode::open, true});
    }
    void be_staff(bool is_staff) {
        static constexpr sql::Statement on{
            "test.staff_on", "UPDATE app_user SET is_staff = TRUE WHERE id = :user_id"
        };
        static constexpr sql::Statement off{
            "test.staff_off", "UPDATE app_user SET is_staff = FALSE WHERE id = :user_id"
        };
        change(ada, is_staff ? on : off);
    }
    StaffStep step(StaffSignIn& sign_in, std::string email, std::string password = good_password) {
        Login login{std::move(email), std::move(password)};
        return scratch->run(sign_in.log_in(std::move(login), laptop, correlation));
    }
    StaffGrant enter() { return step(*staff, "ada@example.com").grant.value(); }
    StaffGrant enter_by_code(const std::string& mfa_token, const std::string& code) {
        return scratch->run(staff->log_in(LoginCode{mfa_token, code}, laptop, correlation));
    }
    Task<void> enter_at(LoginCode login, single_use::Barrier& barrier) {
        co_await barrier.arrive();
        co_await staff->log_in(std::move(login), laptop, correlation);
    }
    std::optional<Scope> holder(const std::string& cookie) {
        return scratch->run(staff->find(cookie, correlation));
    }
    bool holds(const StaffGrant& grant) { return holder(grant.cookie).has_value(); }

    Grant ada;
    Grant bob;
    const std::vector<std::string> csrf_keys{std::string(32, 'c')};
    std::optional<StaffSignIn> staff;
    std::optional<StaffSignIn> strict;
};

INSTANTIATE_TEST_SUITE_P(Databases, StaffSignInTest, sql::both_databases(), sql::dialect_name);

TEST_P(StaffSignInTest, LetsOperatorsInByACookieAlone) {
    auto grant = enter();

    auto scope = holder(grant.cookie);
    ASSERT_TRUE(scope);
    EXPECT_TRUE(scope->is_staff());
    EXPECT_EQ(scope->user(), scope_of(ada).user());
    EXPECT_EQ(scope->tenant(), scope_of(ada).tenant());
    EXPECT_EQ(scope->role(), Role::owner);
    EXPECT_EQ(grant.body.user.email, "ada@example.com");
    EXPECT_EQ(grant.seconds, 8 * 3600);
    EXPECT_THAT(trail(ada), Contains("login success"));
}

TEST_P(StaffSignInTest, GivesNothingThatCountsElsewhere) {
    auto grant = enter();

    auto as_access = code_of([&] { scratch->run(open->authenticate(grant.cookie, correlation)); });
    auto as_refresh = code_of([&] {
        scratch->run(open->refresh(grant.cookie, std::nullopt, laptop, correlation));
    });

    EXPECT_EQ(as_access, "accounts.not_signed_in");
    EXPECT_EQ(as_refresh, "accounts.not_signed_in");
    EXPECT_FALSE(holder(ada.refresh_token));
    EXPECT_FALSE(holder(ada.body.access_token));
    EXPECT_FALSE(holder(""));
}

TEST_P(StaffSignInTest, TellsNobodyElseWhetherTheirPasswordIsRight) {
    EXPECT_EQ(code_of([&] { step(*staff, "bob@example.com"); }), "accounts.wrong_credentials");
    EXPECT_EQ(code_of([&] { step(*staff, "eve@example.com"); }), "accounts.wrong_credentials");
    EXPECT_EQ(
        code_of([&] { step(*staff, "ada@example.com", "wrong password"); }),
        "accounts.wrong_credentials"
    );
    EXPECT_THAT(trail(bob), Contains("login failure").Times(1));
    EXPECT_THAT(trail(ada), Contains("login failure").Times(1));
}

TEST_P(StaffSignInTest, HoldsForEightHours) {
    auto grant = enter();

    clock.advance(8h - 1s);
    auto before = holds(grant);
    clock.advance(1s);

    EXPECT_TRUE(before);
    EXPECT_FALSE(holds(grant));
}

TEST_P(StaffSignInTest, EndsAloneWhenItIsLeft) {
    auto grant = enter();
    auto other = enter();

    auto scope = *holder(grant.cookie);
    scratch->run(open->log_out(scope, Id<Session>{scope.session()}, laptop));

    EXPECT_FALSE(holds(grant));
    EXPECT_TRUE(holds(other));
    EXPECT_THAT(trail(ada), Contains("logout success"));
}

TEST_P(StaffSignInTest, EndsWithWhatItRestsOn) {
    auto of_former_password = enter();
    scratch->run(credentials->change(
        scope_of(ada), ChangePassword{good_password, "marble fjord 58 cactus"}, laptop
    ));
    auto again = [&] {
        return step(*staff, "ada@example.com", "marble fjord 58 cactus").grant.value();
    };
    auto of_a_suspended_membership = again();
    auto before = holds(of_a_suspended_membership);
    suspend_membership(ada);

    EXPECT_FALSE(holds(of_former_password));
    EXPECT_TRUE(before);
    EXPECT_FALSE(holds(of_a_suspended_membership));
}

TEST_P(StaffSignInTest, EndsWithTheAccount) {
    auto grant = enter();

    suspend_account(ada);

    EXPECT_FALSE(holds(grant));
}

TEST_P(StaffSignInTest, MakesNoOperatorOfWhoIsNoneAnyMore) {
    auto grant = enter();

    be_staff(false);

    EXPECT_FALSE(holder(grant.cookie)->is_staff());
    EXPECT_EQ(code_of([&] { enter(); }), "accounts.wrong_credentials");
}

TEST_P(StaffSignInTest, HasTwoStepsWhereThereIsASecondFactor) {
    auto before = enter();
    auto secret = switch_factor_on(ada);
    auto first = step(*staff, "ada@example.com");
    auto code = code_of_authenticator(secret);

    auto wrong = code_of([&] { enter_by_code(first.mfa_token, "000000"); });
    auto grant = enter_by_code(first.mfa_token, code);
    auto other = step(*staff, "ada@example.com");
    auto replayed = code_of([&] { enter_by_code(other.mfa_token, code); });
    auto done = code_of([&] { enter_by_code(first.mfa_token, made_codes[0]); });

    EXPECT_FALSE(first.grant);
    EXPECT_FALSE(holds(before));
    EXPECT_EQ(wrong, "accounts.wrong_code");
    EXPECT_TRUE(holds(grant));
    EXPECT_EQ(replayed, "accounts.wrong_code");
    EXPECT_EQ(done, "accounts.code_not_usable");
}

TEST_P(StaffSignInTest, IsFinishedOnceHoweverOftenAtOnce) {
    auto secret = switch_factor_on(ada);
    auto scope = scope_of(ada);
    for (int round = 0; round < single_use::rounds(); ++round) {
        LoginCode login{make_code(scope, Purpose::second_step), code_of_authenticator(secret)};

        auto ends = single_use::at_once(*scratch, [&](single_use::Barrier& barrier) {
            return enter_at(login, barrier);
        });

        ASSERT_EQ(ends["done"], 1);
        ASSERT_EQ(ends["accounts.code_not_usable"] + ends["accounts.locked"], single_use::many - 1);
        clock.advance(15min);
    }
}

TEST_P(StaffSignInTest, IsNoSecondStepForAnybodyElse) {
    auto secret = switch_factor_on(bob);
    auto first = first_step("bob@example.com");

    auto refused = code_of([&] { enter_by_code(first.mfa_token, code_of_authenticator(secret)); });

    EXPECT_EQ(refused, "accounts.code_not_usable");
}

TEST_P(StaffSignInTest, TakesNobodyForAnOperatorWithoutASecondFactorWhereOneIsNeeded) {
    SignIn everywhere(parts(), keys, Rules{SignUpMode::open, true});
    auto refused = code_of([&] { step(*strict, "ada@example.com"); });
    auto is_staff = [&] {
        return scratch->run(everywhere.authenticate(ada.body.access_token, correlation)).is_staff();
    };
    auto before = is_staff();
    switch_factor_on(ada);
    guard->forget(Id<Session>{scope_of(ada).session()});

    EXPECT_EQ(refused, "accounts.second_factor_needed");
    EXPECT_FALSE(before);
    EXPECT_TRUE(is_staff());
    EXPECT_FALSE(step(*strict, "ada@example.com").grant);
    EXPECT_THAT(step(*strict, "ada@example.com").mfa_token, Not(testing::IsEmpty()));
}

TEST_P(StaffSignInTest, BindsTheCsrfTokenToItsSession) {
    auto one = enter();
    auto other = enter();
    StaffSignIn elsewhere(parts(), std::vector{std::string(32, 'x')}, Rules{SignUpMode::open});

    EXPECT_EQ(one.body.csrf_token, staff->csrf_token(*holder(one.cookie)));
    EXPECT_NE(one.body.csrf_token, other.body.csrf_token);
    EXPECT_NE(one.body.csrf_token, elsewhere.csrf_token(*holder(one.cookie)));
    EXPECT_THAT(one.body.csrf_token, Not(testing::HasSubstr(one.cookie)));
}

TEST_P(StaffSignInTest, TakesACsrfTokenOfAFormerKeyWhileThatOneIsKnown) {
    auto entered = enter();
    auto scope = *holder(entered.cookie);
    const std::string newest(32, 'n');
    StaffSignIn rotated(parts(), std::vector{newest, csrf_keys.front()}, Rules{SignUpMode::open});
    StaffSignIn done(parts(), std::vector{newest}, Rules{SignUpMode::open});

    EXPECT_TRUE(rotated.is_csrf_token(scope, entered.body.csrf_token));
    EXPECT_FALSE(done.is_csrf_token(scope, entered.body.csrf_token));
    EXPECT_TRUE(done.is_csrf_token(scope, rotated.csrf_token(scope)));
    EXPECT_FALSE(rotated.is_csrf_token(scope, ""));
}

}  // namespace
}  // namespace afterresume::accounts
