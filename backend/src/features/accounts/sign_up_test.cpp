#include "features/accounts/testing.h"
#include "infra/single_use/testing.h"

namespace afterresume::accounts {
namespace {

using testing::ElementsAre;
using testing::Pair;

class SignUpTest : public SignInTest {
protected:
    Grant sign_up_by(const std::string& code, std::string email) {
        auto wanted = a_sign_up(std::move(email), "Bob");
        wanted.invitation = code;
        return scratch->run(by_invitation->sign_up(std::move(wanted), phone, correlation)).value();
    }
    Task<void> sign_up_at(SignIn& by, SignUp wanted, single_use::Barrier& barrier) {
        co_await barrier.arrive();
        co_await by.sign_up(std::move(wanted), laptop, correlation);
    }
    Operator make_operator(std::string email, std::string password = good_password) {
        auto wanted = a_sign_up(std::move(email));
        wanted.password = std::move(password);
        return scratch->run(open->make_operator(std::move(wanted), correlation));
    }
    std::optional<std::string> first_invitation(std::optional<std::string> known = {}) {
        return scratch->run(by_invitation->first_invitation(std::move(known)));
    }
};

INSTANTIATE_TEST_SUITE_P(Databases, SignUpTest, sql::both_databases(), sql::dialect_name);

TEST_P(SignUpTest, MakesTheOwnerOfATenantOfTheirOwn) {
    auto ada = sign_up(a_sign_up("ada@example.com"));
    auto bob = sign_up(a_sign_up("bob@example.com", "Bob"));

    auto scope = scope_of(ada);

    EXPECT_EQ(ada.body.user.email, "ada@example.com");
    EXPECT_EQ(ada.body.user.tenant_name, "Ada Lovelace");
    EXPECT_EQ(scope.role(), Role::owner);
    EXPECT_EQ(scope.user(), ada.body.user.id);
    EXPECT_NE(scope.tenant(), scope_of(bob).tenant());
    EXPECT_FALSE(scope.is_staff());
    EXPECT_THAT(trail(ada), ElementsAre("signup success"));
}

TEST_P(SignUpTest, KeepsTheTimeZoneOfWhoSignsUp) {
    auto wanted = a_sign_up("ada@example.com");
    wanted.time_zone = "Europe/Berlin";

    auto ada = sign_up(wanted);

    EXPECT_EQ(ada.body.user.time_zone, "Europe/Berlin");
    EXPECT_EQ(scope_of(ada).time_zone(), "Europe/Berlin");
}

TEST_P(SignUpTest, RefusesAPasswordThatAnyoneGuesses) {
    auto wanted = a_sign_up("ada@example.com");
    wanted.password = "password123";

    EXPECT_EQ(code_of([&] { sign_up(wanted); }), "request.invalid");
    EXPECT_EQ(
        code_of([&] { log_in("ada@example.com", "password123"); }), "accounts.wrong_credentials"
    );
}

TEST_P(SignUpTest, TakesAnAddressOnceInWhateverCase) {
    sign_up(a_sign_up("ada@example.com"));

    EXPECT_EQ(code_of([&] { sign_up(a_sign_up("ADA@Example.com")); }), "accounts.address_taken");
}

TEST_P(SignUpTest, NeedsAnInvitationWhereItIsByInvitation) {
    auto uninvited = code_of([&] {
        scratch->run(by_invitation->sign_up(a_sign_up("ada@example.com"), laptop, correlation));
    });
    auto made_up = code_of([&] { sign_up_by("made up", "bob@example.com"); });

    EXPECT_EQ(uninvited, "accounts.invitation_needed");
    EXPECT_EQ(made_up, "invitations.not_usable");
}

TEST_P(SignUpTest, TellsOnlyTheInvitedWhetherAnAddressIsTaken) {
    auto ada = sign_up(a_sign_up("ada@example.com"));
    auto code = invite(ada);
    auto uninvited = code_of([&] {
        scratch->run(by_invitation->sign_up(a_sign_up("ada@example.com"), laptop, correlation));
    });

    auto made_up = code_of([&] { sign_up_by("made up", "ada@example.com"); });
    auto invited = code_of([&] { sign_up_by(code, "ada@example.com"); });

    EXPECT_EQ(uninvited, "accounts.invitation_needed");
    EXPECT_EQ(made_up, "invitations.not_usable");
    EXPECT_EQ(invited, "accounts.address_taken");
    EXPECT_NO_THROW(sign_up_by(code, "bob@example.com"));
}

TEST_P(SignUpTest, LeadsTheInvitedIntoTheTenantInTheirRole) {
    auto ada = sign_up(a_sign_up("ada@example.com"));
    invitations::CreateInvitation wanted;
    wanted.role = Role::read_only;

    auto bob = sign_up_by(invite(ada, wanted), "bob@example.com");

    EXPECT_EQ(scope_of(bob).tenant(), scope_of(ada).tenant());
    EXPECT_EQ(scope_of(bob).role(), Role::read_only);
    EXPECT_EQ(bob.body.user.tenant_name, "Ada Lovelace");
    EXPECT_THAT(
        trail(ada), ElementsAre(
                        "signup success", "invitation_redeemed success", "invitation_made success",
                        "signup success"
                    )
    );
}

TEST_P(SignUpTest, LetsAnInvitationInOnceAndLeavesNothingOfWhoCameSecond) {
    auto ada = sign_up(a_sign_up("ada@example.com"));
    auto code = invite(ada);
    sign_up_by(code, "bob@example.com");

    auto second = code_of([&] { sign_up_by(code, "carol@example.com"); });

    EXPECT_EQ(second, "invitations.not_usable");
    EXPECT_EQ(code_of([&] { log_in("carol@example.com"); }), "accounts.wrong_credentials");
    EXPECT_NO_THROW(sign_up(a_sign_up("carol@example.com")));
}

TEST_P(SignUpTest, LetsAnInvitationInOnceHoweverManyComeAtOnce) {
    auto host = scope_of(sign_up(a_sign_up("ada@example.com")));
    Hashing cheap(4, &cheap_hash);
    SignIn by(parts_with(cheap), keys, Rules{SignUpMode::invite});
    int number = 0;
    for (int round = 0; round < single_use::rounds(); ++round) {
        auto code = invite_as(host);
        letters.clear();

        auto ends = single_use::at_once(*scratch, [&](single_use::Barrier& barrier) {
            auto wanted = a_sign_up(fmt::format("guest{}@example.com", ++number));
            wanted.invitation = code;
            return sign_up_at(by, std::move(wanted), barrier);
        });

        ASSERT_THAT(
            ends, ElementsAre(Pair("done", 1), Pair("invitations.not_usable", single_use::many - 1))
        );
        ASSERT_EQ(letters.size(), 1U);
    }
}

TEST_P(SignUpTest, GivesAnAddressToOneOfManyAtOnce) {
    Hashing cheap(4, &cheap_hash);
    SignIn by(parts_with(cheap), keys, Rules{SignUpMode::open});
    for (int round = 0; round < single_use::rounds(); ++round) {
        auto wanted = a_sign_up(fmt::format("ada{}@example.com", round));

        auto ends = single_use::at_once(*scratch, [&](single_use::Barrier& barrier) {
            return sign_up_at(by, wanted, barrier);
        });

        ASSERT_THAT(
            ends, ElementsAre(Pair("accounts.address_taken", single_use::many - 1), Pair("done", 1))
        );
    }
}

TEST_P(SignUpTest, LetsNoInvitationInAfterItsTime) {
    auto ada = sign_up(a_sign_up("ada@example.com"));
    auto code = invite(ada);

    clock.advance(std::chrono::days(8));

    EXPECT_EQ(code_of([&] { sign_up_by(code, "bob@example.com"); }), "invitations.not_usable");
}

TEST_P(SignUpTest, LetsOnlyTheInvitedAddressIn) {
    auto ada = sign_up(a_sign_up("ada@example.com"));
    invitations::CreateInvitation wanted;
    wanted.email = "bob@example.com";
    auto code = invite(ada, wanted);

    auto other = code_of([&] { sign_up_by(code, "carol@example.com"); });
    auto taken = code_of([&] { sign_up_by(code, "ada@example.com"); });
    auto bob = sign_up_by(code, "Bob@Example.com");

    EXPECT_EQ(other, "invitations.not_usable");
    EXPECT_EQ(taken, "invitations.not_usable");
    EXPECT_EQ(scope_of(bob).role(), Role::member);
}

TEST_P(SignUpTest, OffersTheFirstInvitationUntilThereIsAnOwner) {
    auto code = first_invitation();
    auto kept = first_invitation(code);
    auto forgotten = first_invitation("lost");

    auto owner = sign_up_by(*forgotten, "ada@example.com");

    EXPECT_EQ(kept, code);
    EXPECT_NE(forgotten, code);
    EXPECT_EQ(scope_of(owner).role(), Role::owner);
    EXPECT_EQ(first_invitation(), std::nullopt);
}

TEST_P(SignUpTest, MakesTheFirstAccountByTheCommandLineOnce) {
    auto first = make_operator("ada@example.com");
    auto again = make_operator("ada@example.com");

    auto ada = log_in("ada@example.com");

    EXPECT_EQ(first, Operator::made);
    EXPECT_EQ(again, Operator::unchanged);
    EXPECT_TRUE(scope_of(ada).is_staff());
    EXPECT_TRUE(ada.body.user.email_verified);
    EXPECT_EQ(scope_of(ada).role(), Role::owner);
}

TEST_P(SignUpTest, MakesAnOperatorOfWhoSignedUpBefore) {
    auto ada = sign_up(a_sign_up("ada@example.com"));

    auto raised = make_operator("ADA@example.com");
    auto again = make_operator("ada@example.com");

    EXPECT_EQ(raised, Operator::raised);
    EXPECT_EQ(again, Operator::unchanged);
    EXPECT_TRUE(scope_of(log_in("ada@example.com")).is_staff());
    EXPECT_THAT(
        trail(ada), ElementsAre("login success", "operator_made success", "signup success")
    );
}

TEST_P(SignUpTest, MakesNoOperatorOfWhoTookAnAddressThatIsNotProven) {
    auto ada = sign_up(a_sign_up("ada@example.com"));
    const auto* other = "another good 58 password";

    auto refused = code_of([&] { make_operator("ada@example.com", other); });
    scratch->run(credentials->verify(mailed_code(), laptop, correlation));
    auto proven = make_operator("ada@example.com", other);

    EXPECT_EQ(refused, "accounts.unproven_address");
    EXPECT_EQ(proven, Operator::raised);
    EXPECT_NO_THROW(log_in("ada@example.com"));
}

TEST_P(SignUpTest, MakesNoOperatorWithAPasswordThatAnyoneGuesses) {
    EXPECT_EQ(code_of([&] { make_operator("ada@example.com", "password123"); }), "request.invalid");
    EXPECT_EQ(code_of([&] { log_in("ada@example.com"); }), "accounts.wrong_credentials");
}

TEST_P(SignUpTest, HoldsAnAddressForProvenThatTheInvitationWasMailedTo) {
    auto ada = sign_up(a_sign_up("ada@example.com"));
    invitations::CreateInvitation wanted;
    wanted.email = "bob@example.com";
    invite(ada, wanted);

    auto bob = sign_up_by(mailed_code(), "bob@example.com");

    EXPECT_TRUE(bob.body.user.email_verified);
    EXPECT_TRUE(log_in("bob@example.com").body.user.email_verified);
    EXPECT_EQ(letters.back().kind, mail::Kind::invitation);
}

// Whoever made the invitation knows this code, and might sign up with somebody else's address.
TEST_P(SignUpTest, AsksForAProofOfTheAddressAfterAnInvitationThatWasNotMailed) {
    auto ada = sign_up(a_sign_up("ada@example.com"));
    invitations::CreateInvitation bound;
    bound.email = "bob@example.com";

    auto bob = sign_up_by(invite(ada, bound), "bob@example.com");
    auto letter_for_bob = letters.back();
    auto carol = sign_up_by(invite(ada), "carol@example.com");
    auto letter_for_carol = letters.back();

    EXPECT_FALSE(bob.body.user.email_verified);
    EXPECT_EQ(letter_for_bob.kind, mail::Kind::verification);
    EXPECT_FALSE(carol.body.user.email_verified);
    EXPECT_EQ(letter_for_carol.kind, mail::Kind::verification);
    EXPECT_EQ(letter_for_carol.to, "carol@example.com");
}

TEST_P(SignUpTest, UsesBothCodesOfAnInvitationUpTogether) {
    auto ada = sign_up(a_sign_up("ada@example.com"));
    invitations::CreateInvitation wanted;
    wanted.email = "bob@example.com";
    auto shown = invite(ada, wanted);
    auto mailed = mailed_code();

    sign_up_by(shown, "bob@example.com");

    EXPECT_NE(shown, mailed);
    EXPECT_EQ(code_of([&] { sign_up_by(mailed, "bob@example.com"); }), "invitations.not_usable");
}

}  // namespace
}  // namespace afterresume::accounts
