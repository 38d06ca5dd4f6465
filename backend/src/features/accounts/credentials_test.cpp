#include "core/scope_mint.h"
#include "features/accounts/testing.h"
#include "infra/single_use/testing.h"

namespace afterresume::accounts {
namespace {

using namespace std::chrono_literals;
using mail::Kind;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

constexpr auto new_password = "marble fjord 58 cactus";

class CredentialsTest : public SignInTest {
protected:
    void SetUp() override {
        SignInTest::SetUp();
        if (!IsSkipped()) ada = sign_up(a_sign_up("ada@example.com"));
    }
    void verify(const std::string& code) {
        scratch->run(credentials->verify(code, laptop, correlation));
    }
    void forget(const std::string& email) {
        scratch->run(credentials->forgot(email, laptop, correlation));
    }
    void reset(const std::string& code, const std::string& password = new_password) {
        scratch->run(credentials->reset({code, password}, laptop, correlation));
    }
    void change(const Grant& grant, std::string current, std::string password = new_password) {
        auto scope = scope_of(grant);
        scratch->run(credentials->change(scope, {std::move(current), std::move(password)}, laptop));
    }
    // What this node learns within a second.
    bool is_still_signed_in(const Grant& grant) {
        guard->forget(session_of(grant));
        return is_signed_in(grant);
    }
    Id<Session> session_of(const Grant& grant) { return sessions.at(grant.refresh_token); }
    Grant remembered(Grant grant) {
        sessions[grant.refresh_token] = Id<Session>{scope_of(grant).session()};
        return grant;
    }
    Task<void> counted(single_use::Barrier& barrier) {
        co_await barrier.arrive();
        co_await guesses->count("test", "somebody", 5);
    }
    static auto one_of_many() {
        return ElementsAre(Pair("accounts.code_not_usable", single_use::many - 1), Pair("done", 1));
    }
    Task<void> send_again(Scope scope) { co_await credentials->ask_again(scope); }
    Task<void> verify_at(std::string code, single_use::Barrier& barrier) {
        co_await barrier.arrive();
        co_await credentials->verify(std::move(code), laptop, correlation);
    }
    Task<void> reset_at(Credentials& by, std::string code, single_use::Barrier& barrier) {
        co_await barrier.arrive();
        co_await by.reset({std::move(code), new_password}, laptop, correlation);
    }

    Grant ada;
    std::map<std::string, Id<Session>> sessions;
};

INSTANTIATE_TEST_SUITE_P(Databases, CredentialsTest, sql::both_databases(), sql::dialect_name);

TEST_P(CredentialsTest, ProvesAnAddressByAMailOnce) {
    EXPECT_FALSE(ada.body.user.email_verified);
    ASSERT_THAT(letters, ElementsAre(Field(&mail::Letter::kind, Kind::verification)));
    EXPECT_EQ(letters[0].to, "ada@example.com");

    verify(mailed_code());

    EXPECT_TRUE(log_in("ada@example.com").body.user.email_verified);
    EXPECT_THAT(trail(ada), Contains("email_verified success"));
    EXPECT_EQ(code_of([&] { verify(mailed_code()); }), "accounts.code_not_usable");
    EXPECT_EQ(code_of([&] { verify("made up"); }), "accounts.code_not_usable");
}

TEST_P(CredentialsTest, LetsANewMailReplaceTheFormer) {
    auto former = mailed_code();

    scratch->run(send_again(scope_of(ada)));

    EXPECT_EQ(code_of([&] { verify(former); }), "accounts.code_not_usable");
    EXPECT_EQ(code_of([&] { verify(mailed_code()); }), "none");
    scratch->run(send_again(scope_of(ada)));
    EXPECT_THAT(letters, SizeIs(2));
}

TEST_P(CredentialsTest, TakesNoCodeAfterItsTimeOrForAnotherPurpose) {
    EXPECT_EQ(code_of([&] { reset(mailed_code()); }), "accounts.code_not_usable");

    clock.advance(48h);

    EXPECT_EQ(code_of([&] { verify(mailed_code()); }), "accounts.code_not_usable");
}

TEST_P(CredentialsTest, SetsAForgottenPasswordAndEndsEverySession) {
    auto phone_session = remembered(log_in("ada@example.com"));
    ada = remembered(ada);
    forget("ADA@example.com");

    reset(mailed_code());

    EXPECT_EQ(code_of([&] { log_in("ada@example.com"); }), "accounts.wrong_credentials");
    auto back = log_in("ada@example.com", new_password);
    EXPECT_TRUE(back.body.user.email_verified);
    for (const auto& grant : {ada, phone_session}) {
        EXPECT_FALSE(is_still_signed_in(grant));
        EXPECT_EQ(code_of([&] { refresh(grant); }), "accounts.not_signed_in");
    }
    EXPECT_THAT(trail(back), Contains("password_reset success"));
}

TEST_P(CredentialsTest, TakesNoLinkFromBeforeTheLastChange) {
    forget("ada@example.com");
    auto code = mailed_code();

    change(ada, good_password);

    EXPECT_EQ(code_of([&] { reset(code); }), "accounts.code_not_usable");
}

// By a hash of the new password, or by what is told of a weak one (S-15).
TEST_P(CredentialsTest, TellsNothingOfALinkThatIsVoid) {
    auto of_an_address = mailed_code();
    forget("ada@example.com");
    auto of_a_password = mailed_code();
    change(ada, good_password);

    for (const auto& code : {of_an_address, of_a_password})
        EXPECT_EQ(code_of([&] { reset(code, "password"); }), "accounts.code_not_usable");
}

TEST_P(CredentialsTest, TakesTheNewestLinkAloneWhicheverTenantItIsOf) {
    auto elsewhere = sign_up(a_sign_up("bob@example.com"));
    Identity identity;
    identity.user = scope_of(ada).user();
    identity.tenant = scope_of(elsewhere).tenant();
    auto former = make_code(ScopeMint::mint(identity), Purpose::password_reset);
    clock.advance(1s);
    forget("ada@example.com");

    EXPECT_EQ(code_of([&] { reset(former); }), "accounts.code_not_usable");
    EXPECT_EQ(code_of([&] { reset(mailed_code()); }), "none");
}

TEST_P(CredentialsTest, WritesToNobodyWhoIsNotThere) {
    letters.clear();

    EXPECT_EQ(code_of([&] { forget("eve@example.com"); }), "none");

    EXPECT_THAT(letters, IsEmpty());
}

TEST_P(CredentialsTest, MailsOnlySoManyResetsInAQuarterOfAnHour) {
    for (int i = 0; i < 5; ++i) forget("ada@example.com");

    EXPECT_EQ(code_of([&] { forget("ada@example.com"); }), "accounts.locked");
    EXPECT_EQ(letters.size(), 6U);
}

TEST_P(CredentialsTest, ResetsByNoWeakPasswordAndBurnsNothingThen) {
    forget("ada@example.com");
    auto code = mailed_code();

    EXPECT_NE(code_of([&] { reset(code, "password"); }), "none");
    EXPECT_EQ(code_of([&] { reset(code); }), "none");
    EXPECT_EQ(code_of([&] { reset(code); }), "accounts.code_not_usable");
}

TEST_P(CredentialsTest, ChangesThePasswordAndKeepsThisSessionAlone) {
    ada = remembered(ada);
    auto other = remembered(log_in("ada@example.com"));

    change(ada, good_password);

    EXPECT_TRUE(is_still_signed_in(ada));
    EXPECT_EQ(code_of([&] { refresh(ada); }), "none");
    EXPECT_FALSE(is_still_signed_in(other));
    EXPECT_EQ(code_of([&] { refresh(other); }), "accounts.not_signed_in");
    EXPECT_EQ(letters.at(letters.size() - 1).kind, Kind::password_changed);
    EXPECT_NO_THROW(log_in("ada@example.com", new_password));
}

TEST_P(CredentialsTest, ChangesNothingWithoutTheFormerPassword) {
    EXPECT_EQ(code_of([&] { change(ada, "a guess"); }), "accounts.wrong_credentials");

    EXPECT_NO_THROW(log_in("ada@example.com"));
    EXPECT_THAT(trail(ada), Contains("password_changed failure"));
}

TEST_P(CredentialsTest, LocksAnAddressAfterTenGuessesWhetherSomebodyHasItOrNot) {
    for (const auto* address : {"ada@example.com", "eve@example.com"}) {
        for (int i = 0; i < 10; ++i)
            EXPECT_EQ(code_of([&] { log_in(address, "a guess"); }), "accounts.wrong_credentials");

        EXPECT_EQ(code_of([&] { log_in(address, "a guess"); }), "accounts.locked");
        EXPECT_EQ(code_of([&] { log_in(address); }), "accounts.locked");
    }
    clock.advance(15min);
    EXPECT_NO_THROW(log_in("ada@example.com"));
}

TEST_P(CredentialsTest, CountsManyGuessesAtOnceAsOneAfterTheOther) {
    auto ends = single_use::at_once(*scratch, [&](single_use::Barrier& barrier) {
        return counted(barrier);
    });

    EXPECT_THAT(ends, ElementsAre(Pair("accounts.locked", single_use::many - 5), Pair("done", 5)));
}

TEST_P(CredentialsTest, ProvesAnAddressOnceHoweverOftenAtOnce) {
    auto scope = scope_of(ada);
    for (int round = 0; round < single_use::rounds(); ++round) {
        auto code = make_code(scope, Purpose::verification);

        auto ends = single_use::at_once(*scratch, [&](single_use::Barrier& barrier) {
            return verify_at(code, barrier);
        });

        ASSERT_THAT(ends, one_of_many());
    }
}

TEST_P(CredentialsTest, SetsOnePasswordHoweverOftenAtOnce) {
    auto scope = scope_of(ada);
    Hashing cheap(4, &cheap_hash);
    Credentials by(parts_of_credentials(cheap), "http://localhost:8000");
    for (int round = 0; round < single_use::rounds(); ++round) {
        auto code = make_code(scope, Purpose::password_reset);
        letters.clear();

        auto ends = single_use::at_once(*scratch, [&](single_use::Barrier& barrier) {
            return reset_at(by, code, barrier);
        });

        ASSERT_THAT(ends, one_of_many());
        ASSERT_THAT(letters, SizeIs(1));
    }
}

}  // namespace
}  // namespace afterresume::accounts
