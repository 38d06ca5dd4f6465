#include "core/scope_mint.h"
#include "features/accounts/testing.h"
#include "infra/single_use/testing.h"

namespace afterresume::accounts {
namespace {

using testing::ElementsAre;
using testing::Pair;

// Sign-up that is open to all, by the code of a mail.
class SignUpsTest : public SignInTest {
protected:
    // What is answered at once.
    std::optional<Grant> ask(SignUp wanted, const auditing::Origin& origin = laptop) {
        return scratch->run(by_mail->sign_up(std::move(wanted), origin, correlation));
    }
    // The code of the mail that a sign-up leads to.
    std::string code_for(SignUp wanted) {
        ask(std::move(wanted));
        return mailed_code();
    }
    Grant confirm(std::string code, std::string password = good_password) {
        ConfirmSignUp wanted{std::move(code), std::move(password)};
        return scratch->run(by_mail->confirm(std::move(wanted), laptop, correlation));
    }
    Scope scope_of_waiting(const std::string& code) {
        Identity identity;
        identity.user = scratch->run(sign_ups->find(code)).id;
        return ScopeMint::mint(identity);
    }
    Task<void> use_at(Scope scope, single_use::Barrier& barrier) {
        auto tx = scratch->database().begin(scope, sql::Access::write);
        co_await barrier.arrive();
        co_await sign_ups->use(*tx, scope);
        co_await tx->commit();
    }
    Task<std::int64_t> purged() {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        auto gone = co_await sign_ups->purge(*tx, 10);
        co_await tx->commit();
        co_return gone;
    }
};

INSTANTIATE_TEST_SUITE_P(Databases, SignUpsTest, sql::both_databases(), sql::dialect_name);

TEST_P(SignUpsTest, LetNobodyInBeforeTheMail) {
    auto answer = ask(a_sign_up("ada@example.com"));

    EXPECT_FALSE(answer);
    EXPECT_EQ(code_of([&] { log_in("ada@example.com"); }), "accounts.wrong_credentials");
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].kind, mail::Kind::sign_up);
    EXPECT_EQ(letters[0].to, "ada@example.com");
    EXPECT_EQ(letters[0].name, "");
}

TEST_P(SignUpsTest, MakeAnAccountByTheCodeOfTheMailAndThePassword) {
    auto wanted = a_sign_up("Ada@Example.com");
    wanted.time_zone = "Europe/Berlin";

    auto ada = confirm(code_for(wanted));

    EXPECT_EQ(ada.body.user.email, "Ada@Example.com");
    EXPECT_EQ(ada.body.user.display_name, "Ada Lovelace");
    EXPECT_EQ(ada.body.user.tenant_name, "Ada Lovelace");
    EXPECT_EQ(ada.body.user.time_zone, "Europe/Berlin");
    EXPECT_TRUE(ada.body.user.email_verified);
    EXPECT_EQ(scope_of(ada).role(), Role::owner);
    EXPECT_THAT(trail(ada), ElementsAre("signup success"));
    EXPECT_EQ(letters.size(), 1U);
    EXPECT_NO_THROW(log_in("ada@example.com"));
}

TEST_P(SignUpsTest, LetNobodyInByAPasswordThatSomebodyElseChose) {
    const auto* mallorys = "another good 58 password";
    auto wanted = a_sign_up("ada@example.com");
    wanted.password = mallorys;

    auto code = code_for(wanted);
    auto by_ada = code_of([&] { confirm(code); });
    auto by_mallory = code_of([&] { confirm("made up", mallorys); });

    EXPECT_EQ(by_ada, "accounts.wrong_credentials");
    EXPECT_EQ(by_mallory, "accounts.code_not_usable");
    EXPECT_EQ(code_of([&] { log_in("ada@example.com", mallorys); }), "accounts.wrong_credentials");
    EXPECT_NO_THROW(confirm(code_for(a_sign_up("ada@example.com"))));
}

TEST_P(SignUpsTest, GiveAnAddressToWhoeverFinishesFirst) {
    auto first = code_for(a_sign_up("ada@example.com", "First"));
    auto second = code_for(a_sign_up("ADA@example.com", "Second"));

    auto ada = confirm(second);

    EXPECT_EQ(ada.body.user.display_name, "Second");
    EXPECT_EQ(code_of([&] { confirm(first); }), "accounts.address_taken");
    EXPECT_EQ(log_in("ada@example.com").body.user.id, ada.body.user.id);
}

TEST_P(SignUpsTest, TellTheOwnerOfATakenAddressAndNobodyElse) {
    auto ada = sign_up(a_sign_up("ada@example.com"));
    letters.clear();

    auto answer = ask(a_sign_up("ADA@example.com", "Mallory"));

    EXPECT_FALSE(answer);
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].kind, mail::Kind::address_taken);
    EXPECT_EQ(letters[0].to, "ada@example.com");
    EXPECT_EQ(letters[0].name, "Ada Lovelace");
    EXPECT_THAT(trail(ada), ElementsAre("signup failure", "signup success"));
    EXPECT_EQ(code_of([&] { confirm(mailed_code()); }), "accounts.code_not_usable");
    ResetPassword wanted{mailed_code(), "another good 58 password"};
    scratch->run(credentials->reset(std::move(wanted), laptop, correlation));
    EXPECT_NO_THROW(log_in("ada@example.com", "another good 58 password"));
}

TEST_P(SignUpsTest, AnswerTheSameForAnAccountThatIsNotActive) {
    suspend_account(sign_up(a_sign_up("ada@example.com")));
    letters.clear();

    auto answer = ask(a_sign_up("ada@example.com"));

    EXPECT_FALSE(answer);
    EXPECT_TRUE(letters.empty());
}

TEST_P(SignUpsTest, RefuseAWeakPasswordWhosesoeverTheAddressIs) {
    sign_up(a_sign_up("ada@example.com"));
    for (const auto* email : {"ada@example.com", "bob@example.com"}) {
        auto wanted = a_sign_up(email);
        wanted.password = "password123";

        EXPECT_EQ(code_of([&] { ask(wanted); }), "request.invalid") << email;
    }
}

TEST_P(SignUpsTest, RunOutAndGo) {
    auto old = code_for(a_sign_up("ada@example.com"));
    clock.advance(std::chrono::hours(47));
    auto young = code_for(a_sign_up("bob@example.com"));

    clock.advance(std::chrono::hours(1));

    EXPECT_EQ(code_of([&] { confirm(old); }), "accounts.code_not_usable");
    EXPECT_EQ(scratch->run(purged()), 1);
    EXPECT_NO_THROW(confirm(young));
}

TEST_P(SignUpsTest, AreUsedOnceHoweverManyComeAtOnce) {
    Hashing cheap(4, &cheap_hash);
    SignIn by(parts_with(cheap), keys, Rules{SignUpMode::by_mail});
    for (int round = 0; round < single_use::rounds(); ++round) {
        auto wanted = a_sign_up(fmt::format("ada{}@example.com", round));
        scratch->run(by.sign_up(std::move(wanted), laptop, correlation));
        auto scope = scope_of_waiting(mailed_code());

        auto ends = single_use::at_once(*scratch, [&](single_use::Barrier& barrier) {
            return use_at(scope, barrier);
        });

        ASSERT_THAT(
            ends,
            ElementsAre(Pair("accounts.code_not_usable", single_use::many - 1), Pair("done", 1))
        );
    }
}

TEST_P(SignUpsTest, AreNotUsedUpByWhoeverElseTriesTheAddress) {
    Hashing cheap(4, &cheap_hash);
    SignIn by(parts_with(cheap), keys, Rules{SignUpMode::by_mail});
    auto try_from = [&](const auditing::Origin& origin) {
        return code_of([&] {
            scratch->run(by.sign_up(a_sign_up("ada@example.com"), origin, correlation));
        });
    };

    for (int i = 0; i < 5; ++i) EXPECT_EQ(try_from(laptop), "none");
    auto once_more = try_from(laptop);
    auto from_elsewhere = try_from(phone);

    EXPECT_EQ(once_more, "accounts.locked");
    EXPECT_EQ(from_elsewhere, "none");
    EXPECT_EQ(letters.size(), 6U);
}

}  // namespace
}  // namespace afterresume::accounts
