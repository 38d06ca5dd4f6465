#include "fixture.h"
#include "mailed.h"
#include "validator.h"

#include "app/composition.h"
#include "infra/config/settings.h"
#include "infra/mail/testing.h"

#include <fmt/format.h>

namespace afterresume::contract {

namespace {

constexpr std::string_view another_password = "marble fjord 58 cactus";

// What is the same whenever the same is said.
std::map<std::string, std::string> headers_of(Answer answer) {
    for (const auto* own : {"X-Correlation-ID", "RateLimit-Remaining", "RateLimit-Reset"})
        answer.headers.erase(own);
    return answer.headers;
}

}  // namespace

// A program that anybody may sign up to, with a mail server; one of its own for each test, for what
// is asked for once too often is refused.
class OpenSignUp : public ProgramTest {
protected:
    void SetUp() override {
        ProgramTest::SetUp();
        if (IsSkipped()) return;
        program().restart([this](config::Settings& settings) {
            settings.email_host = server.options().host;
            settings.email_port = server.options().port;
            settings.email_use_tls = false;
        });
    }
    void TearDown() override { TearDownTestSuite(); }
    app::Composition& parts() { return program().composition(); }

    Answer sign_up(const std::string& email, const std::string& invitation = {}) {
        auto code =
            invitation.empty() ? std::string() : fmt::format(R"(,"invitation":"{}")", invitation);
        return call(
            "POST", "/api/auth/signup/", nobody,
            fmt::format(
                R"({{"email":"{}","password":"{}","display_name":"Someone"{}}})", email, password,
                code
            )
        );
    }
    Answer confirm(const std::string& code, std::string_view secret = password) {
        auto body = fmt::format(R"({{"code":"{}","password":"{}"}})", code, secret);
        return call("POST", "/api/auth/signup/confirm/", nobody, body);
    }
    Answer log_in(const std::string& email, std::string_view secret = password) {
        return call("POST", "/api/auth/login/", nobody, login_body(email, secret));
    }
    // The code of the link in the newest mail that was sent to the address.
    std::string mailed_code(const std::string& address, const std::string& name) {
        program().work();
        std::string code;
        for (const auto& mail : server.mails()) {
            if (mail.find("X-RcptTo: " + address) == std::string::npos) continue;
            if (auto found = code_in(mail, name); !found.empty()) code = found;
        }
        return code;
    }
    // Makes those that wait out of date, and tidies up.
    Task<bool> late() {
        static constexpr sql::Statement statement{
            "test.late", "UPDATE sign_up SET expires_at = created_at"
        };
        jobs::Origin program_itself{TenantId{0}, UserId{0}, jobs::Trigger::schedule};
        auto tx = parts().database->begin_engine(sql::Access::write);
        co_await tx->execute(statement);
        co_await parts().queue.enqueue(*tx, program_itself, {"maintenance.cleanup"});
        co_await tx->commit();
        co_return true;
    }
    Task<std::int64_t> waiting() {
        static constexpr sql::Statement statement{
            "test.waiting", "SELECT count(expires_at) FROM sign_up"
        };
        auto tx = parts().database->begin_engine(sql::Access::read);
        co_return co_await tx->one<std::int64_t>(statement);
    }

    mail::TestServer server;
};

INSTANTIATE_TEST_SUITE_P(Engines, OpenSignUp, sql::both_databases(), sql::dialect_name);

TEST_P(OpenSignUp, AnswersTheSameWhetherSomebodyHasTheAddress) {
    auto unknown = sign_up("eve@example.org");
    auto taken = sign_up("Ada@example.org");
    auto document = call("GET", "/api/openapi.json", nobody).at("");

    EXPECT_EQ(unknown.status, 202);
    EXPECT_EQ(unknown.text("/status"), "mail_sent");
    EXPECT_EQ(unknown.header("Set-Cookie"), "");
    EXPECT_THAT(
        Validator(document).check(unknown, "post", "/api/auth/signup/"), testing::IsEmpty()
    );
    EXPECT_EQ(taken.status, unknown.status);
    EXPECT_EQ(taken.body, unknown.body);
    EXPECT_EQ(headers_of(taken), headers_of(unknown));
}

TEST_P(OpenSignUp, MakesAnAccountByTheCodeOfItsMailAndItsPassword) {
    sign_up("eve@example.org");
    auto early = log_in("eve@example.org");
    auto code = mailed_code("eve@example.org", "signup");

    auto wrong = confirm(code, another_password);
    auto right = confirm(code);
    auto again = confirm(code);

    EXPECT_EQ(early.status, 401);
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(right.status, 201) << right.body;
    EXPECT_EQ(right.text("/user/email_verified"), "true");
    EXPECT_EQ(right.text("/user/role"), "owner");
    EXPECT_NE(right.header("Set-Cookie"), "");
    EXPECT_EQ(again.status, 410);
    EXPECT_EQ(again.text("/code"), "accounts.code_not_usable");
    EXPECT_EQ(log_in("eve@example.org").status, 200);
}

TEST_P(OpenSignUp, LetsWhoHasTheAddressSetANewPassword) {
    sign_up("ada@example.org");

    auto code = mailed_code("ada@example.org", "reset");
    auto reset = call(
        "POST", "/api/auth/password/reset/", nobody,
        fmt::format(R"({{"code":"{}","password":"{}"}})", code, another_password)
    );

    EXPECT_EQ(reset.status, 204) << reset.body;
    EXPECT_EQ(log_in("ada@example.org", another_password).status, 200);
}

TEST_P(OpenSignUp, LetsTheInvitedInAtOnce) {
    auto code = call("POST", "/api/invitations/", ada, R"({"role":"member"})").text("/code");

    auto invited = sign_up("eve@example.org", code);

    EXPECT_EQ(invited.status, 201);
    EXPECT_EQ(invited.text("/user/role"), "member");
}

TEST_P(OpenSignUp, IsForgottenWhereNobodyFinishesIt) {
    sign_up("eve@example.org");
    auto code = mailed_code("eve@example.org", "signup");
    auto before = program().run(waiting());

    program().run(late());
    program().work();

    EXPECT_EQ(before, 1);
    EXPECT_EQ(program().run(waiting()), 0);
    EXPECT_EQ(confirm(code).status, 410);
}

}  // namespace afterresume::contract
