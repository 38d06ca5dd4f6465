#include "fixture.h"

#include "app/composition.h"
#include "infra/http/testing.h"

#include <fmt/format.h>

namespace afterresume::contract {

namespace {

std::string sign_up_body(
    const std::string& email, const std::string& secret, const std::string& code = {}
) {
    auto invitation = code.empty() ? std::string() : fmt::format(R"(,"invitation":"{}")", code);
    return fmt::format(
        R"({{"email":"{}","password":"{}","display_name":"Someone"{}}})", email, secret, invitation
    );
}

// Whether a streamed answer throws, which cuts the connection.
Task<bool> is_refused(const http::Response& response, http::Listener& listener) {
    try {
        co_await response.stream(listener);
    } catch (const Error&) {
        co_return true;
    }
    co_return false;
}

}  // namespace

class Accounts : public ProgramTest {
protected:
    Answer log_in(const std::string& email, std::string_view secret = password) {
        return call("POST", "/api/auth/login/", nobody, login_body(email, secret));
    }
    Answer refresh(const Headers& headers) {
        return call("POST", "/api/auth/token/refresh/", nobody, "", headers);
    }
    // A visitor signed in by a token of their own.
    Answer me_by(const std::string& token) {
        return call("GET", "/api/auth/me/", nobody, "", {{"authorization", "Bearer " + token}});
    }
};

TEST_P(Accounts, TellNothingOfWhoExists) {
    auto wrong = log_in("ada@example.org", "not the password 1");
    auto unknown = log_in("nobody@example.org");

    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(unknown.status, 401);
    EXPECT_EQ(wrong.text("/code"), unknown.text("/code"));
    EXPECT_EQ(wrong.text("/detail"), unknown.text("/detail"));
    EXPECT_EQ(wrong.count(""), unknown.count(""));
}

TEST_P(Accounts, SignInByTheAddressInAnyCase) {
    auto answer = log_in("ADA@Example.org");

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.text("/token_type"), "Bearer");
    EXPECT_EQ(answer.number("/expires_in"), 600);
    EXPECT_EQ(answer.text("/user/email"), "ada@example.org");
    EXPECT_EQ(me_by(answer.text("/access_token")).text("/display_name"), "Ada");
}

TEST_P(Accounts, KeepTheRefreshTokenFromScripts) {
    auto answer = log_in("ada@example.org");

    EXPECT_THAT(
        answer.header("Set-Cookie"),
        testing::AllOf(
            testing::HasSubstr("HttpOnly"), testing::HasSubstr("SameSite=Lax"),
            testing::HasSubstr("Path=/")
        )
    );
    auto cookie = cookie_of(answer).front().second;
    EXPECT_THAT(answer.body, testing::Not(testing::HasSubstr(cookie.substr(cookie.find('=') + 1))));
}

TEST_P(Accounts, TakeNoWeakPassword) {
    for (const auto* weak : {"short1", "password123", "aaaaaaaaaaaaaa", "1234567890123"}) {
        SCOPED_TRACE(weak);
        auto answer =
            call("POST", "/api/auth/signup/", nobody, sign_up_body("weak@example.org", weak));
        EXPECT_EQ(answer.status, 422);
        EXPECT_EQ(answer.text("/errors/0/pointer"), "/password");
        EXPECT_THAT(answer.body, testing::Not(testing::HasSubstr(std::string("\"") + weak)));
    }
}

TEST_P(Accounts, TakeNoAddressThatIsNone) {
    auto answer = call(
        "POST", "/api/auth/signup/", nobody, sign_up_body("not an address", std::string(password))
    );

    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.text("/errors/0/pointer"), "/email");
}

TEST_P(Accounts, TakeEachAddressOnce) {
    auto taken = call(
        "POST", "/api/auth/signup/", nobody, sign_up_body("Ada@example.org", std::string(password))
    );

    EXPECT_EQ(taken.status, 409);
    EXPECT_EQ(taken.text("/code"), "accounts.address_taken");
}

TEST_P(Accounts, GiveWhoeverSignsUpATenantOfTheirOwn) {
    auto signed_up = call(
        "POST", "/api/auth/signup/", nobody, sign_up_body("dora@example.org", std::string(password))
    );

    EXPECT_EQ(signed_up.status, 201);
    EXPECT_EQ(signed_up.text("/user/role"), "owner");
    EXPECT_NE(
        signed_up.number("/user/tenant_id"), call("GET", "/api/auth/me/", ada).number("/tenant_id")
    );
}

TEST_P(Accounts, LetAnInvitationInOnce) {
    auto code = call("POST", "/api/invitations/", ada, R"({"role":"member"})").text("/code");
    auto usable = call("GET", "/api/invitations/check/?code=" + code, nobody);

    auto first = call(
        "POST", "/api/auth/signup/", nobody,
        sign_up_body("eve@example.org", std::string(password), code)
    );
    auto second = call(
        "POST", "/api/auth/signup/", nobody,
        sign_up_body("fay@example.org", std::string(password), code)
    );

    EXPECT_EQ(usable.text("/usable"), "true");
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(first.text("/user/role"), "member");
    EXPECT_EQ(
        first.number("/user/tenant_id"), call("GET", "/api/auth/me/", ada).number("/tenant_id")
    );
    EXPECT_EQ(second.status, 410);
    EXPECT_EQ(second.text("/code"), "invitations.not_usable");
    EXPECT_EQ(log_in("fay@example.org").status, 401);
    EXPECT_EQ(call("GET", "/api/invitations/check/?code=" + code, nobody).text("/usable"), "false");
}

TEST_P(Accounts, LetARevokedInvitationInNoMore) {
    auto made = call("POST", "/api/invitations/", ada, R"({"role":"member"})");
    auto revoked = call("DELETE", made.header("Location"), ada, "", overwrite);

    auto late = call(
        "POST", "/api/auth/signup/", nobody,
        sign_up_body("gus@example.org", std::string(password), made.text("/code"))
    );

    EXPECT_EQ(revoked.status, 204);
    EXPECT_EQ(late.status, 410);
}

TEST_P(Accounts, LetOnlyTheInvitedAddressIn) {
    auto code =
        call("POST", "/api/invitations/", ada, R"({"role":"member","email":"hal@example.org"})")
            .text("/code");

    auto other = call(
        "POST", "/api/auth/signup/", nobody,
        sign_up_body("ivy@example.org", std::string(password), code)
    );
    auto taken = call(
        "POST", "/api/auth/signup/", nobody,
        sign_up_body("ada@example.org", std::string(password), code)
    );
    auto invited = call(
        "POST", "/api/auth/signup/", nobody,
        sign_up_body("Hal@example.org", std::string(password), code)
    );

    EXPECT_EQ(other.status, 410);
    EXPECT_EQ(taken.status, 410);
    EXPECT_EQ(taken.text("/code"), other.text("/code"));
    EXPECT_EQ(taken.text("/detail"), other.text("/detail"));
    EXPECT_EQ(invited.status, 201);
}

TEST_P(Accounts, RotateTheRefreshToken) {
    auto signed_in = log_in("ada@example.org");

    auto refreshed = refresh(cookie_of(signed_in));
    auto refreshed_again = refresh(cookie_of(refreshed));

    EXPECT_EQ(refreshed.status, 200);
    EXPECT_NE(cookie_of(refreshed), cookie_of(signed_in));
    EXPECT_EQ(refreshed_again.status, 200);
    EXPECT_EQ(me_by(refreshed_again.text("/access_token")).status, 200);
}

TEST_P(Accounts, GiveTheSameSuccessorToAReplayWithinSeconds) {
    auto signed_in = log_in("ada@example.org");

    auto first = refresh(cookie_of(signed_in));
    auto replay = refresh(cookie_of(signed_in));

    EXPECT_EQ(replay.status, 200);
    EXPECT_EQ(cookie_of(replay), cookie_of(first));
}

TEST_P(Accounts, EndTheSessionWhoseRefreshTokenAnotherClientReuses) {
    auto signed_in = log_in("ada@example.org");
    auto refreshed = refresh(cookie_of(signed_in));

    auto stolen = cookie_of(signed_in);
    stolen.emplace_back("user-agent", "a thief's");
    auto theft = refresh(stolen);

    EXPECT_EQ(theft.status, 401);
    EXPECT_EQ(refresh(cookie_of(refreshed)).status, 401);
    EXPECT_EQ(me_by(refreshed.text("/access_token")).status, 401);
}

TEST_P(Accounts, KnowNoMadeUpRefreshToken) {
    EXPECT_EQ(refresh({}).status, 401);
    EXPECT_EQ(refresh({{"cookie", "refresh=abc"}}).status, 401);
    EXPECT_EQ(refresh({{"cookie", "refresh="}}).status, 401);
}

TEST_P(Accounts, EndASessionByLoggingOut) {
    auto signed_in = log_in("ada@example.org");
    auto token = signed_in.text("/access_token");

    auto out =
        call("POST", "/api/auth/logout/", nobody, "", {{"authorization", "Bearer " + token}});

    EXPECT_EQ(out.status, 204);
    EXPECT_THAT(out.header("Set-Cookie"), testing::HasSubstr("Max-Age=0"));
    EXPECT_EQ(me_by(token).status, 401);
    EXPECT_EQ(refresh(cookie_of(signed_in)).status, 401);
    EXPECT_EQ(call("GET", "/api/auth/me/", ada).status, 200);
}

TEST_P(Accounts, SignAnotherDeviceOut) {
    auto other = log_in("ada@example.org").text("/access_token");
    auto sessions =
        call("GET", "/api/auth/sessions/", nobody, "", {{"authorization", "Bearer " + other}});
    std::string id;
    for (std::size_t i = 0; i < sessions.count("/items"); ++i) {
        if (sessions.text(fmt::format("/items/{}/current", i)) == "true")
            id = sessions.text(fmt::format("/items/{}/id", i));
    }

    auto ended = call("DELETE", "/api/auth/sessions/" + id + "/", ada, "", overwrite);

    EXPECT_EQ(ended.status, 204);
    EXPECT_EQ(me_by(other).status, 401);
}

TEST_P(Accounts, EndWhatASessionFollowsWhenItEnds) {
    auto token = log_in("ada@example.org").text("/access_token");
    auto job = call("POST", "/api/worklogs/", ada, R"({"content":"Kept an eye on it."})")
                   .text("/job_ids/0");
    http::Request request;
    request.method = "GET";
    request.set_target("/api/jobs/" + job + "/events/");
    request.headers.add("host", "localhost");
    request.headers.add("authorization", "Bearer " + token);
    request.headers.add("accept", "text/event-stream");
    auto response = program().run(program().composition().gateway.handle(request));
    ASSERT_TRUE(response.stream) << response.body;

    call("POST", "/api/auth/logout/", nobody, "", {{"authorization", "Bearer " + token}});
    http::Listener listener;
    auto refused = program().run(is_refused(response, listener));

    EXPECT_TRUE(refused);
    EXPECT_EQ(listener.heard, "");
}

TEST_P(Accounts, TellTheAuditWhatHappened) {
    log_in("ada@example.org", "not the password 2");

    auto audit = call("GET", "/api/tenant/audit/?page_size=1", ada);

    EXPECT_EQ(audit.text("/items/0/name"), "login");
    EXPECT_EQ(audit.text("/items/0/outcome"), "failure");
    EXPECT_EQ(audit.text("/items/0/address"), "127.0.0.1");
    EXPECT_THAT(audit.body, testing::Not(testing::HasSubstr("not the password")));
}

TEST_P(Accounts, KeepWhatPeopleSayOfThemselves) {
    auto change = [&](const std::string& body) {
        return call("PATCH", "/api/auth/me/", ada, body, overwrite);
    };
    auto before = call("GET", "/api/auth/me/", ada);

    auto said = change(R"({"headline":"Programmer of engines","week_start":"sunday"})");
    auto read = call("GET", "/api/auth/me/", ada);
    auto beside = change(R"({"locale":"de"})");
    auto cleared = change(R"({"headline":null,"week_start":"monday"})");

    EXPECT_EQ(before.text("/week_start"), "monday");
    EXPECT_TRUE(before.at("/headline").is_null());
    EXPECT_EQ(said.status, 200) << said.body;
    EXPECT_EQ(read.body, said.body);
    EXPECT_EQ(read.text("/headline"), "Programmer of engines");
    EXPECT_EQ(read.text("/week_start"), "sunday");
    EXPECT_EQ(beside.text("/headline"), "Programmer of engines");
    EXPECT_TRUE(cleared.at("/headline").is_null());
    EXPECT_EQ(cleared.text("/week_start"), "monday");
}

TEST_P(Accounts, RefuseWhatIsNoLineAndNoDay) {
    auto change = [&](const std::string& body) {
        return call("PATCH", "/api/auth/me/", ada, body, overwrite);
    };

    auto endless = change(R"({"headline":")" + std::string(201, 'x') + R"("})");
    auto never = change(R"({"week_start":"someday"})");
    auto none = change(R"({"week_start":null})");

    EXPECT_EQ(endless.status, 422);
    EXPECT_EQ(endless.text("/errors/0/pointer"), "/headline");
    EXPECT_EQ(never.status, 422);
    EXPECT_EQ(never.text("/errors/0/pointer"), "/week_start");
    EXPECT_EQ(none.status, 422);
}

INSTANTIATE_TEST_SUITE_P(Engines, Accounts, sql::both_databases(), sql::dialect_name);

class Gates : public testing::TestWithParam<sql::Dialect> {
protected:
    void SetUp() override {
        if (GetParam() == sql::Dialect::postgres && !sql::test_server_url())
            GTEST_SKIP() << "TEST_DATABASE_URL is not set";
    }
};

TEST_P(Gates, NeedAnInvitationByDefault) {
    Program program(GetParam(), [](config::Settings& settings) {
        settings.signup_mode = config::SignupMode::invite;
    });

    auto answer = program.call(
        "POST", "/api/auth/signup/", nobody, sign_up_body("eve@example.org", std::string(password))
    );

    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.text("/code"), "accounts.invitation_needed");
}

TEST_P(Gates, SlowDownWhoeverGuesses) {
    Program program(GetParam(), [](config::Settings& settings) {
        settings.rate_limit_login = {1, 3600, 4};
    });
    auto guess = [&](const std::string& email) {
        return program.call(
            "POST", "/api/auth/login/", nobody, login_body(email, "a guess at it 9")
        );
    };

    std::vector<int> statuses;
    for (int i = 0; i < 6; ++i) statuses.push_back(guess("eve@example.org").status);
    auto refused = guess("eve@example.org");
    auto another = guess("fay@example.org");

    EXPECT_THAT(statuses, testing::ElementsAre(401, 401, 401, 401, 429, 429));
    EXPECT_EQ(refused.text("/code"), "request.rate_limited");
    EXPECT_THAT(refused.header("Retry-After"), testing::MatchesRegex("[1-9][0-9]*"));
    EXPECT_EQ(another.status, 401);
}

TEST_P(Gates, StopWhoeverGuessesPersonalTokensAndNobodyElse) {
    Program program(GetParam(), [](config::Settings& settings) {
        settings.rate_limit_ip = {1, 3600, 6};
    });
    auto made =
        program.call("POST", "/api/auth/tokens/", ada, R"({"name":"CLI","scopes":["read"]})");
    auto come = [&](const std::string& token, const std::string& address) {
        return program
            .call(
                "GET", "/api/auth/me/", nobody, {},
                {{"authorization", "Bearer " + token}, {"x-forwarded-for", address}}
            )
            .status;
    };

    for (int i = 0; i < 20; ++i) EXPECT_EQ(come(made.text("/token"), "203.0.113.9"), 200);
    for (int i = 0; i < 6; ++i) EXPECT_EQ(come(fmt::format("arp_guess{}", i), "203.0.113.9"), 401);
    EXPECT_EQ(come("arp_guess", "203.0.113.9"), 429);
    EXPECT_EQ(come(made.text("/token"), "203.0.113.9"), 429);
    EXPECT_EQ(come(made.text("/token"), "203.0.113.10"), 200);
    for (int i = 0; i < 6; ++i)
        EXPECT_EQ(come("arp_guess", fmt::format("2001:db8:1:2::{}", i)), 401);
    EXPECT_EQ(come("arp_guess", "2001:db8:1:2:ffff::1"), 429);
    EXPECT_EQ(program.call("GET", "/api/auth/me/", ada).status, 200);
}

TEST_P(Gates, SlowDownWhoeverAsksTooMuch) {
    Program program(GetParam(), [](config::Settings& settings) {
        settings.rate_limit_user = {1, 3600, 8};
    });

    auto first = program.call("GET", "/api/auth/me/", ada);
    auto answer = first;
    for (int i = 0; i < 10 && answer.status == 200; ++i)
        answer = program.call("GET", "/api/auth/me/", ada);

    EXPECT_EQ(first.header("RateLimit-Limit"), "8");
    EXPECT_NE(first.header("RateLimit-Remaining"), "");
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(program.call("GET", "/api/auth/me/", bob).status, 200);
    EXPECT_EQ(program.call("GET", "/api/healthz/", nobody).status, 200);
}

INSTANTIATE_TEST_SUITE_P(Engines, Gates, sql::both_databases(), sql::dialect_name);

}  // namespace afterresume::contract
