#include "features/accounts/testing.h"

namespace afterresume::accounts {
namespace {

using testing::ElementsAre;

class SignUpTest : public SignInTest {
protected:
    Grant sign_up_by(const std::string& code, std::string email) {
        auto wanted = a_sign_up(std::move(email), "Bob");
        wanted.invitation = code;
        return scratch->run(by_invitation->sign_up(std::move(wanted), phone, correlation));
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
    auto bob = sign_up_by(code, "Bob@Example.com");

    EXPECT_EQ(other, "invitations.not_usable");
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
    auto first = scratch->run(open->bootstrap(a_sign_up("ada@example.com"), correlation));
    auto again = scratch->run(open->bootstrap(a_sign_up("ada@example.com"), correlation));

    auto ada = log_in("ada@example.com");

    EXPECT_TRUE(first);
    EXPECT_FALSE(again);
    EXPECT_TRUE(scope_of(ada).is_staff());
    EXPECT_EQ(scope_of(ada).role(), Role::owner);
}

}  // namespace
}  // namespace afterresume::accounts
