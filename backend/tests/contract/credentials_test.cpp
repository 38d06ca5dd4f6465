#include "fixture.h"
#include "mailed.h"

#include "app/composition.h"
#include "core/describe/reader.h"

#include <fmt/format.h>

#include <regex>

namespace afterresume::contract {

namespace {

constexpr std::string_view new_password = "marble fjord 58 cactus";

// Ids in the path, which no right is asked for before.
std::string with_ones(std::string pattern) {
    static const std::regex open("\\{[^}]*\\}");
    return std::regex_replace(pattern, open, "1");
}

}  // namespace

class CredentialsPromises : public ProgramTest {
protected:
    Answer by(
        const std::string& token, const std::string& method, const std::string& path,
        const std::string& body = {}
    ) {
        return call(
            method, path, nobody, body, {{"authorization", "Bearer " + token}, {"if-match", "*"}}
        );
    }
    std::string token(const std::string& scopes) {
        auto body = fmt::format(R"({{"name":"CLI","scopes":[{}]}})", scopes);
        return call("POST", "/api/auth/tokens/", ada, body).text("/token");
    }
};

TEST_P(CredentialsPromises, LetAForgottenPasswordBeReplacedByAMail) {
    auto signed_up = call(
        "POST", "/api/auth/signup/", nobody,
        fmt::format(
            R"({{"email":"ivy@example.org","password":"{}","display_name":"Ivy"}})", password
        )
    );
    auto known =
        call("POST", "/api/auth/password/forgot/", nobody, R"({"email":"ivy@example.org"})");
    auto unknown =
        call("POST", "/api/auth/password/forgot/", nobody, R"({"email":"no@example.org"})");

    auto code = mailed_code(program(), "ivy@example.org", "reset");
    auto body = fmt::format(R"({{"code":"{}","password":"{}"}})", code, new_password);
    auto reset = call("POST", "/api/auth/password/reset/", nobody, body);
    auto again = call("POST", "/api/auth/password/reset/", nobody, body);

    EXPECT_EQ(known.status, 204);
    EXPECT_EQ(unknown.status, 204);
    EXPECT_EQ(known.body, unknown.body);
    EXPECT_EQ(reset.status, 204);
    EXPECT_EQ(again.status, 410);
    auto login =
        call("POST", "/api/auth/login/", nobody, login_body("ivy@example.org", new_password));
    EXPECT_EQ(login.status, 200);
    EXPECT_EQ(login.text("/user/email_verified"), "true");
    EXPECT_EQ(call("POST", "/api/auth/login/", nobody, login_body("ivy@example.org")).status, 401);
}

TEST_P(CredentialsPromises, WriteAlsoToWhoBelongsToNoTenant) {
    auto code = call("POST", "/api/invitations/", ada, R"({"role":"member"})").text("/code");
    auto guest = call(
        "POST", "/api/auth/signup/", nobody,
        fmt::format(
            R"({{"email":"kit@example.org","password":"{}","display_name":"Kit","invitation":"{}"}})",
            password, code
        )
    );
    auto left = by(guest.text("/access_token"), "POST", "/api/tenant/leave/");

    call("POST", "/api/auth/password/forgot/", nobody, R"({"email":"kit@example.org"})");

    EXPECT_EQ(left.status, 204) << left.body;
    EXPECT_NE(mailed_code(program(), "kit@example.org", "reset"), "");
}

TEST_P(CredentialsPromises, LetAnAddressBeProvenByAMail) {
    call(
        "POST", "/api/auth/signup/", nobody,
        fmt::format(
            R"({{"email":"joe@example.org","password":"{}","display_name":"Joe"}})", password
        )
    );

    auto body =
        fmt::format(R"({{"code":"{}"}})", mailed_code(program(), "joe@example.org", "verify"));

    EXPECT_EQ(call("POST", "/api/auth/email/verify/", nobody, body).status, 204);
    EXPECT_EQ(call("POST", "/api/auth/email/verify/", nobody, body).status, 410);
}

TEST_P(CredentialsPromises, LetATokenDoWhatItIsForAndNoMore) {
    auto reads = token(R"("read")");
    auto writes = token(R"("write")");
    const std::string entry = R"({"content":"Wrote the runbook."})";

    EXPECT_EQ(by(reads, "GET", "/api/worklogs/").status, 200);
    EXPECT_EQ(by(reads, "POST", "/api/worklogs/", entry).status, 403);
    EXPECT_EQ(by(writes, "POST", "/api/worklogs/", entry).status, 201);
    EXPECT_EQ(by(writes, "GET", "/api/auth/me/").text("/email"), "ada@example.org");
}

TEST_P(CredentialsPromises, LetNoTokenPastItsScopesOnAnyRoute) {
    auto reads = token(R"("read")");
    int refused = 0;

    for (const auto& route : program().composition().gateway.routes()) {
        if (!route.permission) continue;
        if (*route.permission == Permission::read && !route.in_person && !route.staff) continue;
        auto answer = by(reads, route.method, with_ones(route.pattern));
        EXPECT_EQ(answer.status, route.staff ? 404 : 403) << route.method << " " << route.pattern;
        ++refused;
    }

    EXPECT_GT(refused, 40);
}

TEST_P(CredentialsPromises, LetNoTokenMakeAnother) {
    auto all = token(R"("read","write","manage","own")");

    auto made = by(all, "POST", "/api/auth/tokens/", R"({"name":"x","scopes":["own"]})");

    EXPECT_EQ(made.status, 403);
    EXPECT_EQ(made.text("/code"), "request.not_for_tokens");
    EXPECT_EQ(by(all, "GET", "/api/auth/tokens/").status, 403);
}

INSTANTIATE_TEST_SUITE_P(Engines, CredentialsPromises, sql::both_databases(), sql::dialect_name);

}  // namespace afterresume::contract
