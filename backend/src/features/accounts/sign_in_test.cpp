#include "features/accounts/testing.h"
#include "infra/crypto/crypto.h"

namespace afterresume::accounts {
namespace {

using namespace std::chrono_literals;
using testing::Contains;

INSTANTIATE_TEST_SUITE_P(Databases, SignInTest, sql::both_databases(), sql::dialect_name);

TEST_P(SignInTest, KnowsWhoHasTheRightPassword) {
    auto signed_up = sign_up(a_sign_up("ada@example.com"));

    auto ada = log_in("ADA@example.com");

    EXPECT_EQ(scope_of(ada).user(), scope_of(signed_up).user());
    EXPECT_EQ(scope_of(ada).tenant(), scope_of(signed_up).tenant());
    EXPECT_NE(scope_of(ada).session(), scope_of(signed_up).session());
    EXPECT_EQ(ada.body.expires_in, 600);
    EXPECT_THAT(trail(ada), Contains("login success"));
}

TEST_P(SignInTest, TellsNobodyWhetherAnAddressIsKnown) {
    auto ada = sign_up(a_sign_up("ada@example.com"));

    auto wrong = code_of([&] { log_in("ada@example.com", "wrong password"); });
    auto unknown = code_of([&] { log_in("eve@example.com"); });

    EXPECT_EQ(wrong, "accounts.wrong_credentials");
    EXPECT_EQ(unknown, "accounts.wrong_credentials");
    EXPECT_THAT(trail(ada), Contains("login failure").Times(1));
}

TEST_P(SignInTest, TellsTheOperatorsOfUnknownAddressesOnceAMinuteOfWhenceTheyCame) {
    auto guess = [&](std::string email, const auditing::Origin& from) {
        Login login{std::move(email), good_password};
        return code_of([&] { scratch->run(open->log_in(login, from, correlation)); });
    };

    for (const auto* email : {"eve@example.com", "eva@example.com", "evi@example.com"})
        guess(email, laptop);
    guess("eve@example.com", phone);
    clock.advance(1min);
    guess("eve@example.com", laptop);

    EXPECT_THAT(operators_trail(), testing::SizeIs(3));
    EXPECT_THAT(operators_trail(), testing::Each("login failure"));
}

TEST_P(SignInTest, TellsOfALockOnceHoweverManyAreRefused) {
    auto ada = sign_up(a_sign_up("ada@example.com"));

    for (int i = 0; i < 15; ++i) {
        code_of([&] { log_in("ada@example.com", "wrong password"); });
        code_of([&] { log_in("eve@example.com", "wrong password"); });
        clock.advance(10s);
    }

    EXPECT_THAT(trail(ada), Contains("login failure").Times(11));
    EXPECT_THAT(operators_trail(), Contains("login failure").Times(2));
}

TEST_P(SignInTest, HashesAPasswordAnewThatWasHashedByLess) {
    // The good password with 8 MiB and one pass.
    static constexpr sql::Statement weaken{"test.weaken", R"sql(
        UPDATE app_user SET password_hash = '$argon2id$v=19$m=8192,t=1,p=1$OY7PFfmBEUkag8lSaFzqjQ$3ixffHJ6G8rseQgMY+KFJ/4cb+/nki3JbKgd6D9YMcw'
        WHERE id = :user_id)sql"};
    auto ada = sign_up(a_sign_up("ada@example.com"));
    change(ada, weaken);
    auto refused = code_of([&] { log_in("ada@example.com", "wrong password"); });
    auto before = hash_of(ada);

    log_in("ada@example.com");

    EXPECT_EQ(refused, "accounts.wrong_credentials");
    EXPECT_TRUE(crypto::needs_rehash(before));
    EXPECT_FALSE(crypto::needs_rehash(hash_of(ada)));
    EXPECT_TRUE(is_signed_in(ada));
    EXPECT_NO_THROW(log_in("ada@example.com"));
}

TEST_P(SignInTest, TakesAnAccessTokenForTenMinutes) {
    auto ada = sign_up(a_sign_up("ada@example.com"));

    clock.advance(10min - 1s);
    auto before = is_signed_in(ada);
    clock.advance(1s);

    EXPECT_TRUE(before);
    EXPECT_FALSE(is_signed_in(ada));
}

TEST_P(SignInTest, TakesNoAccessTokenThatItDidNotMake) {
    auto ada = sign_up(a_sign_up("ada@example.com"));
    SignIn with_another_key(
        parts(), Keys{{std::string(32, 'x')}, keys.issuer}, Rules{SignUpMode::open}
    );
    SignIn elsewhere(
        parts(), Keys{keys.access, "https://elsewhere.example"}, Rules{SignUpMode::open}
    );
    auto refusal = [&](SignIn& sign_in, const std::string& token) {
        return code_of([&] { scratch->run(sign_in.authenticate(token, correlation)); });
    };

    EXPECT_EQ(refusal(with_another_key, ada.body.access_token), "accounts.not_signed_in");
    EXPECT_EQ(refusal(elsewhere, ada.body.access_token), "accounts.not_signed_in");
    EXPECT_EQ(refusal(*open, "made.up.token"), "accounts.not_signed_in");
    EXPECT_EQ(refusal(*open, ""), "accounts.not_signed_in");
}

TEST_P(SignInTest, TakesWhatAFormerKeySignedAndSignsWithTheNewest) {
    auto ada = sign_up(a_sign_up("ada@example.com"));
    const std::string newest(32, 'n');
    SignIn rotated(
        parts(), Keys{{newest, keys.access.front()}, keys.issuer}, Rules{SignUpMode::open}
    );
    SignIn done(parts(), Keys{{newest}, keys.issuer}, Rules{SignUpMode::open});
    auto opens = [&](SignIn& sign_in, const std::string& token) {
        return code_of([&] { scratch->run(sign_in.authenticate(token, correlation)); }) == "none";
    };

    auto again = scratch->run(rotated.refresh(ada.refresh_token, std::nullopt, laptop, correlation))
                     .body.access_token;

    EXPECT_TRUE(opens(rotated, ada.body.access_token));
    EXPECT_FALSE(opens(done, ada.body.access_token));
    EXPECT_TRUE(opens(done, again));
    EXPECT_FALSE(opens(*open, again));
}

TEST_P(SignInTest, EndsTheSessionThatLogsOutAndNoOther) {
    auto laptop_session = sign_up(a_sign_up("ada@example.com"));
    auto phone_session = log_in("ada@example.com");

    log_out(laptop_session);

    EXPECT_FALSE(is_signed_in(laptop_session));
    EXPECT_EQ(code_of([&] { refresh(laptop_session); }), "accounts.not_signed_in");
    EXPECT_TRUE(is_signed_in(phone_session));
    EXPECT_THAT(trail(phone_session), Contains("logout success"));
}

TEST_P(SignInTest, EndsNoSessionInAnotherVersionThanTheOneThatWasSeen) {
    auto laptop_session = sign_up(a_sign_up("ada@example.com"));
    auto phone_session = log_in("ada@example.com");
    Id<Session> session{scope_of(phone_session).session()};
    auto scope = scope_of(laptop_session);
    auto end = [&](Match match) {
        return code_of([&] { scratch->run(open->log_out(scope, session, laptop, match)); });
    };

    EXPECT_EQ(end({2}), "request.changed_meanwhile");
    EXPECT_TRUE(is_signed_in(phone_session));
    EXPECT_EQ(end({1}), "none");
    EXPECT_FALSE(is_signed_in(phone_session));
    EXPECT_EQ(end({1}), "request.not_found");
}

TEST_P(SignInTest, EndsAnotherDevicesSessionOfTheSamePersonOnly) {
    auto laptop_session = sign_up(a_sign_up("ada@example.com"));
    auto phone_session = log_in("ada@example.com");
    auto bob = sign_up(a_sign_up("bob@example.com", "Bob"));
    auto end = [&](const Grant& who, const Grant& whose) {
        Id<Session> session{scope_of(whose).session()};
        return code_of([&] { scratch->run(open->log_out(scope_of(who), session, laptop)); });
    };

    auto by_bob = end(bob, phone_session);
    auto by_ada = end(laptop_session, phone_session);

    EXPECT_EQ(by_bob, "request.not_found");
    EXPECT_EQ(by_ada, "none");
    EXPECT_FALSE(is_signed_in(phone_session));
    EXPECT_THAT(trail(laptop_session), Contains("session_revoked success"));
}

TEST_P(SignInTest, LetsNoSuspendedAccountInOrOn) {
    auto ada = sign_up(a_sign_up("ada@example.com"));

    suspend_account(ada);

    EXPECT_FALSE(is_signed_in(ada));
    EXPECT_EQ(code_of([&] { log_in("ada@example.com"); }), "accounts.wrong_credentials");
    EXPECT_EQ(code_of([&] { refresh(ada); }), "accounts.not_signed_in");
}

TEST_P(SignInTest, LetsNoSuspendedMemberInOrOn) {
    auto ada = sign_up(a_sign_up("ada@example.com"));

    suspend_membership(ada);

    EXPECT_FALSE(is_signed_in(ada));
    EXPECT_EQ(code_of([&] { log_in("ada@example.com"); }), "accounts.wrong_credentials");
    EXPECT_EQ(code_of([&] { refresh(ada); }), "accounts.not_signed_in");
}

TEST_P(SignInTest, LetsNobodyOfASuspendedTenantInOrOn) {
    auto ada = sign_up(a_sign_up("ada@example.com"));
    auto bob = sign_up(a_sign_up("bob@example.com", "Bob"));

    suspend_tenant(ada);

    EXPECT_FALSE(is_signed_in(ada));
    EXPECT_EQ(code_of([&] { log_in("ada@example.com"); }), "accounts.wrong_credentials");
    EXPECT_TRUE(is_signed_in(bob));
}

TEST_P(SignInTest, SeesARoleAsItIsNow) {
    static constexpr sql::Statement demote{
        "test.demote", "UPDATE membership SET role = 'read_only' WHERE user_id = :user_id"
    };
    auto ada = sign_up(a_sign_up("ada@example.com"));

    change(ada, demote);

    EXPECT_EQ(scope_of(ada).role(), Role::read_only);
    EXPECT_EQ(refresh(ada).body.user.role, Role::read_only);
}

TEST_P(SignInTest, ActsForTheOnlyOwnerOrForWhoIsNamed) {
    auto act_as = [&](std::string email) {
        return scratch->run(open->act_as(std::move(email), correlation));
    };
    auto refusal = [&](std::string email) { return code_of([&] { act_as(email); }); };
    auto nobody = refusal("");
    auto ada = sign_up(a_sign_up("ada@example.com"));
    auto only = act_as("");
    auto bob = sign_up(a_sign_up("bob@example.com", "Bob"));

    EXPECT_EQ(nobody, "accounts.nobody");
    EXPECT_EQ(only.user(), ada.body.user.id);
    EXPECT_EQ(only.role(), Role::owner);
    EXPECT_EQ(refusal(""), "accounts.several");
    EXPECT_EQ(act_as("Bob@example.com").user(), bob.body.user.id);
    EXPECT_EQ(refusal("eve@example.com"), "accounts.unknown");
    suspend_account(bob);
    EXPECT_EQ(refusal("bob@example.com"), "accounts.suspended");
}

}  // namespace
}  // namespace afterresume::accounts
