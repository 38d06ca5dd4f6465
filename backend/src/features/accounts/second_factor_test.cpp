#include "features/accounts/testing.h"
#include "infra/single_use/testing.h"

namespace afterresume::accounts {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

class SecondFactorTest : public SignInTest {
protected:
    void SetUp() override {
        SignInTest::SetUp();
        if (!IsSkipped()) ada = sign_up(a_sign_up("ada@example.com"));
    }
    StaffSignIn staff() { return {parts(), {std::string(32, 'c')}, Rules{SignUpMode::open}}; }
    std::string code() const { return code_of_authenticator(secret); }
    std::vector<std::string> switch_on() {
        secret = switch_factor_on(ada);
        return made_codes;
    }
    Grant second_step(const FirstStep& first, const std::string& with) {
        LoginCode login{first.mfa_token, with};
        return scratch->run(open->log_in(login, laptop, correlation));
    }
    std::string refusal(const FirstStep& first, const std::string& with) {
        return code_of([&] { second_step(first, with); });
    }
    Task<void> used(Scope scope, std::string with, single_use::Barrier& barrier) {
        auto tx = scratch->database().begin(scope, sql::Access::write);
        co_await barrier.arrive();
        auto right = co_await second_factor->use(*tx, scope, with, laptop);
        if (!right) throw wrong_code();
        co_await tx->commit();
    }
    Task<void> step_at(LoginCode login, single_use::Barrier& barrier) {
        co_await barrier.arrive();
        co_await open->log_in(std::move(login), laptop, correlation);
    }
    single_use::Ends use_at_once(const Scope& scope, const std::string& with) {
        return single_use::at_once(*scratch, [&](single_use::Barrier& barrier) {
            return used(scope, with, barrier);
        });
    }

    static auto one_of_many() {
        return ElementsAre(Pair("accounts.wrong_code", single_use::many - 1), Pair("done", 1));
    }

    Grant ada;
    std::string secret;
};

INSTANTIATE_TEST_SUITE_P(Databases, SecondFactorTest, sql::both_databases(), sql::dialect_name);

TEST_P(SecondFactorTest, CountsOnceItIsConfirmed) {
    auto enrolment = scratch->run(second_factor->enrol(scope_of(ada)));

    EXPECT_THAT(enrolment.uri, HasSubstr("otpauth://totp/AfterResume:ada%40example.com?secret="));
    EXPECT_THAT(enrolment.qr_svg, HasSubstr("<svg"));
    EXPECT_TRUE(first_step("ada@example.com").grant);

    EXPECT_THAT(switch_on(), SizeIs(10));

    EXPECT_FALSE(first_step("ada@example.com").grant);
    EXPECT_EQ(
        code_of([&] { scratch->run(second_factor->enrol(scope_of(ada))); }),
        "accounts.second_factor_on"
    );
}

TEST_P(SecondFactorTest, IsTheSecondStepOfASignIn) {
    switch_on();
    auto first = first_step("ada@example.com");
    EXPECT_EQ(first.mfa_seconds, 300);

    auto grant = second_step(first, code());

    EXPECT_TRUE(is_signed_in(grant));
    EXPECT_THAT(trail(grant), Contains("second_factor_used success"));
}

TEST_P(SecondFactorTest, TakesACodeOnceAndAStepOnce) {
    switch_on();
    auto first = first_step("ada@example.com");
    auto other = first_step("ada@example.com");
    EXPECT_EQ(refusal(first, code()), "accounts.code_not_usable");
    second_step(other, code());

    EXPECT_EQ(refusal(other, code()), "accounts.code_not_usable");
    EXPECT_EQ(refusal(first_step("ada@example.com"), code()), "accounts.wrong_code");
}

TEST_P(SecondFactorTest, TakesNoStepUpToTheLastOneThatWasTaken) {
    switch_on();
    auto before = code();
    clock.advance(30s);
    auto now = code();
    clock.advance(30s);
    auto after = code();
    clock.advance(-30s);

    second_step(first_step("ada@example.com"), after);

    auto again = first_step("ada@example.com");
    for (const auto& spent : {before, now, after})
        EXPECT_EQ(refusal(again, spent), "accounts.wrong_code");
}

TEST_P(SecondFactorTest, TakesNoCodeOfSomebodyElse) {
    auto bob = sign_up(a_sign_up("bob@example.com", "Bob"));
    auto secret_of_bob = switch_factor_on(bob);
    auto recovery_code_of_bob = made_codes[0];
    switch_on();
    auto first = first_step("ada@example.com");

    EXPECT_EQ(refusal(first, code_of_authenticator(secret_of_bob)), "accounts.wrong_code");
    EXPECT_EQ(refusal(first, recovery_code_of_bob), "accounts.wrong_code");
    EXPECT_EQ(refusal(first, code()), "none");
}

TEST_P(SecondFactorTest, IsNotGotAroundByWhatAPasswordAloneGives) {
    switch_on();
    be_operator(ada);
    auto first = first_step("ada@example.com");
    const auto& token = first.mfa_token;

    auto as_access = code_of([&] { scratch->run(open->authenticate(token, correlation)); });
    auto as_refresh =
        code_of([&] { scratch->run(open->refresh(token, std::nullopt, laptop, correlation)); });
    auto as_proof = code_of([&] { scratch->run(credentials->verify(token, laptop, correlation)); });
    auto as_reset = code_of([&] {
        scratch->run(credentials->reset({token, "marble fjord 58 cactus"}, laptop, correlation));
    });

    EXPECT_EQ(as_access, "accounts.not_signed_in");
    EXPECT_EQ(as_refresh, "accounts.not_signed_in");
    EXPECT_FALSE(scratch->run(staff().find(token, correlation)));
    EXPECT_EQ(as_proof, "accounts.code_not_usable");
    EXPECT_EQ(as_reset, "accounts.code_not_usable");
    EXPECT_EQ(refusal(first, code()), "none");
}

TEST_P(SecondFactorTest, IsNoStepWithoutThePassword) {
    switch_on();
    for (auto mailed : {Purpose::verification, Purpose::password_reset}) {
        FirstStep none{std::nullopt, make_code(scope_of(ada), mailed)};

        EXPECT_EQ(refusal(none, code()), "accounts.code_not_usable");
    }
}

TEST_P(SecondFactorTest, RefusesWrongCodesAndLocksAfterFive) {
    switch_on();
    auto first = first_step("ada@example.com");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(refusal(first, "000000"), "accounts.wrong_code");

    EXPECT_EQ(refusal(first, code()), "accounts.locked");
    clock.advance(15min);
    EXPECT_EQ(refusal(first, code()), "accounts.code_not_usable");
    auto grant = second_step(first_step("ada@example.com"), code());
    EXPECT_THAT(trail(grant), Contains("login failure").Times(6));
}

// Each time by a new first step.
TEST_P(SecondFactorTest, HearsFiveOfAThousandGuessesWhicheverDoorTheyComeTo) {
    switch_on();
    be_operator(ada);
    auto scope = scope_of(ada);
    single_use::Ends ends;
    auto operators = staff();
    auto guess = [&](auto act) { ends[code_of([&] { scratch->run(act()); })] += 1; };
    for (int i = 0; i < 250; ++i) {
        LoginCode login{make_code(scope, Purpose::second_step), "000000"};

        guess([&] { return open->log_in(login, laptop, correlation); });
        guess([&] { return operators.log_in(login, phone, correlation); });
        guess([&] { return second_factor->remove(scope, login.code, laptop); });
        guess([&] { return second_factor->renew_codes(scope, login.code, phone); });
    }

    EXPECT_THAT(ends, ElementsAre(Pair("accounts.locked", 995), Pair("accounts.wrong_code", 5)));
}

TEST_P(SecondFactorTest, HearsFiveOfManyGuessesAtOnce) {
    switch_on();
    LoginCode login{make_code(scope_of(ada), Purpose::second_step), "000000"};

    auto ends = single_use::at_once(*scratch, [&](single_use::Barrier& barrier) {
        return step_at(login, barrier);
    });

    EXPECT_THAT(
        ends,
        ElementsAre(Pair("accounts.locked", single_use::many - 5), Pair("accounts.wrong_code", 5))
    );
}

TEST_P(SecondFactorTest, LetsARecoveryCodeStandInOnce) {
    auto codes = switch_on();
    auto first = first_step("ada@example.com");

    auto grant = second_step(first, codes[3]);

    EXPECT_EQ(refusal(first_step("ada@example.com"), codes[3]), "accounts.wrong_code");
    EXPECT_EQ(refusal(first_step("ada@example.com"), codes[4]), "none");
    EXPECT_THAT(trail(grant), Contains("recovery_code_used success").Times(2));
}

TEST_P(SecondFactorTest, IsSwitchedOffByACodeOfIt) {
    switch_on();
    auto grant = second_step(first_step("ada@example.com"), code());
    auto scope = scope_of(grant);
    clock.advance(30s);

    auto wrong = code_of([&] { scratch->run(second_factor->remove(scope, "000000", laptop)); });
    scratch->run(second_factor->remove(scope, code(), laptop));

    EXPECT_EQ(wrong, "accounts.wrong_code");
    EXPECT_TRUE(first_step("ada@example.com").grant);
}

TEST_P(SecondFactorTest, TellsOfEachWrongCodeAndOfALockOnce) {
    switch_on();
    auto grant = second_step(first_step("ada@example.com"), code());
    auto scope = scope_of(grant);
    clock.advance(30s);
    auto renew = [&] {
        return code_of([&] { scratch->run(second_factor->renew_codes(scope, "000000", laptop)); });
    };
    auto remove = [&] {
        return code_of([&] { scratch->run(second_factor->remove(scope, "000000", laptop)); });
    };

    EXPECT_EQ(renew(), "accounts.wrong_code");
    for (int i = 0; i < 4; ++i) EXPECT_EQ(remove(), "accounts.wrong_code");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(remove(), "accounts.locked");

    EXPECT_THAT(trail(grant), Contains("recovery_codes_made failure").Times(1));
    EXPECT_THAT(trail(grant), Contains("second_factor_removed failure").Times(5));
}

TEST_P(SecondFactorTest, StaysForAllThatSomebodySaysWhoOperatesNothing) {
    switch_on();
    auto op = sign_up(a_sign_up("operator@example.com", "Op"));
    auto reset = [&] {
        return code_of([&] {
            scratch->run(credentials->reset_second_factor("ada@example.com", scope_of(op), laptop));
        });
    };

    EXPECT_EQ(reset(), "accounts.may_only_look");
    be_operator(op, false);
    EXPECT_EQ(reset(), "accounts.may_only_look");

    EXPECT_FALSE(first_step("ada@example.com").grant);
}

TEST_P(SecondFactorTest, IsSwitchedOffByAnOperatorForWhoeverHasLostIt) {
    switch_on();
    auto grant = second_step(first_step("ada@example.com"), code());
    auto scope = scope_of(grant);
    auto op = sign_up(a_sign_up("operator@example.com", "Op"));
    be_operator(op);
    auto by = scope_of(op);
    auto reset = [&](std::string email) {
        return code_of([&] {
            scratch->run(credentials->reset_second_factor(std::move(email), by, laptop));
        });
    };

    EXPECT_EQ(reset("ADA@example.com"), "none");

    EXPECT_TRUE(first_step("ada@example.com").grant);
    EXPECT_EQ(code_of([&] { refresh(grant); }), "accounts.not_signed_in");
    EXPECT_EQ(letters.back().kind, mail::Kind::second_factor_reset);
    EXPECT_EQ(letters.back().to, "ada@example.com");
    EXPECT_THAT(scratch->run(trail_of(scope)), Contains("second_factor_removed success"));
    EXPECT_EQ(reset("ada@example.com"), "request.not_found");
    EXPECT_EQ(reset("nobody@example.com"), "request.not_found");
}

TEST_P(SecondFactorTest, EndsOtherSessionsWhenItIsSwitchedOn) {
    auto other = log_in("ada@example.com");

    switch_on();

    EXPECT_EQ(code_of([&] { refresh(other); }), "accounts.not_signed_in");
    EXPECT_EQ(code_of([&] { refresh(ada); }), "none");
}

TEST_P(SecondFactorTest, IsNotGotAroundByANewPassword) {
    switch_on();
    auto first = first_step("ada@example.com");
    scratch->run(credentials->forgot("ada@example.com", laptop, correlation));
    scratch->run(credentials->reset({mailed_code(), "marble fjord 58 cactus"}, laptop, correlation)
    );

    EXPECT_EQ(refusal(first, code()), "accounts.code_not_usable");
    EXPECT_FALSE(first_step("ada@example.com", "marble fjord 58 cactus").grant);
}

TEST_P(SecondFactorTest, TakesACodeFromExactlyOneOfManyAtOnce) {
    switch_on();
    auto scope = scope_of(ada);
    for (int round = 0; round < single_use::rounds(); ++round) {
        ASSERT_THAT(use_at_once(scope, code()), one_of_many());
        clock.advance(30s);
    }
}

TEST_P(SecondFactorTest, TakesARecoveryCodeFromExactlyOneOfManyAtOnce) {
    auto left = switch_on();
    auto scope = scope_of(ada);
    for (int round = 0; round < single_use::rounds(); ++round) {
        ASSERT_THAT(use_at_once(scope, left.back()), one_of_many());
        left.pop_back();
        if (!left.empty()) continue;
        left = scratch->run(second_factor->renew_codes(scope, code(), laptop)).recovery_codes;
        clock.advance(30s);
    }
}

// Of those who come when five have guessed, none is heard.
TEST_P(SecondFactorTest, FinishesASignInOnceHoweverOftenAtOnce) {
    switch_on();
    auto scope = scope_of(ada);
    for (int round = 0; round < single_use::rounds(); ++round) {
        LoginCode login{make_code(scope, Purpose::second_step), code()};

        auto ends = single_use::at_once(*scratch, [&](single_use::Barrier& barrier) {
            return step_at(login, barrier);
        });

        ASSERT_EQ(ends["done"], 1);
        ASSERT_EQ(ends["accounts.code_not_usable"] + ends["accounts.locked"], single_use::many - 1);
        clock.advance(15min);
    }
}

}  // namespace
}  // namespace afterresume::accounts
