// That no answer leads to another site, however a request names one.
#include "fixture.h"

#include <fmt/format.h>

namespace afterresume::contract {

namespace {

using testing::HasSubstr;
using testing::Not;

// As filters of redirects have been led past.
const std::vector<std::string> written{
    "https://evil.example",
    "http://evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https:\\\\evil.example",
    "https://evil.example\\@localhost",
    "https://localhost@evil.example",
    "https://localhost:8000@evil.example",
    "https://localhost.evil.example",
    "https://evil.example#@localhost",
    "https://evil.example?localhost",
    "https://evil。example",
    "https://[::ffff:203.0.113.9]",
    "https://3405803785",
    "https://0xcb007109",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example/..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/api/..//evil.example",
    "/;//evil.example",
    "/?//evil.example",
    "@evil.example",
    ".evil.example",
    "evil.example",
    "javascript:location='https://evil.example'",
    "data:text/html,<meta http-equiv=refresh content=0;url=https://evil.example>",
    "\r\nLocation: https://evil.example",
    "嘊嘍Location: https://evil.example",
};

std::string escaped(const std::string& text) {
    std::string out;
    for (char c : text) out += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    return out;
}

// Each as it is, escaped, and escaped twice.
std::vector<std::string> spellings() {
    std::vector<std::string> out;
    for (const auto& text : written) {
        for (const auto& spelling : {text, escaped(text), escaped(escaped(text))})
            out.push_back(spelling);
    }
    return out;
}

void expect_to_stay(const Answer& answer, const std::string& asked) {
    EXPECT_TRUE(answer.status < 300 || answer.status >= 400) << asked << " → " << answer.status;
    for (const auto* name : {"Location", "Content-Location", "Refresh", "Link"})
        EXPECT_EQ(answer.header(name), "") << asked;
}

class Redirects : public ProgramTest {};

INSTANTIATE_TEST_SUITE_P(Engines, Redirects, sql::both_databases(), sql::dialect_name);

TEST_P(Redirects, LeadNowhereElseHoweverThatIsWritten) {
    ASSERT_GE(spellings().size(), 100U);
    for (const auto& spelling : spellings()) {
        for (const auto* place :
             {"", "/", "/api/docs/", "/api/auth/me/?next=", "/api/openapi.json?url="}) {
            auto asked = place + spelling;
            expect_to_stay(call("GET", asked, nobody), asked);
        }
        auto asked = "/api/auth/login/?return_to=" + spelling;
        expect_to_stay(call("POST", asked, nobody, "{}", {{"referer", spelling}}), asked);
    }
}

TEST_P(Redirects, NameNoHostThatAClientMadeUp) {
    Headers made_up{
        {"x-forwarded-host", "evil.example"},
        {"x-forwarded-server", "evil.example"},
        {"x-forwarded-proto", "gopher"},
        {"x-original-url", "https://evil.example/"},
        {"x-rewrite-url", "https://evil.example/"},
        {"forwarded", "host=evil.example"},
        {"referer", "https://evil.example/"}
    };

    auto entry = call("POST", "/api/worklogs/", ada, R"({"content":"a"})", made_up);
    auto invitation = call("POST", "/api/invitations/", ada, R"({"role":"member"})", made_up);
    auto login = call("POST", "/api/auth/login/", nobody, login_body("ada@example.org"), made_up);
    auto document = call("GET", "/api/openapi.json", nobody, {}, made_up);

    EXPECT_EQ(entry.header("Location"), fmt::format("/api/worklogs/{}/", entry.number("/id")));
    expect_to_stay(login, "a sign-in");
    for (const auto& answer : {entry, invitation, login, document}) {
        EXPECT_LT(answer.status, 300);
        EXPECT_THAT(answer.body, Not(HasSubstr("evil.example")));
        EXPECT_THAT(answer.header("Location"), Not(HasSubstr("evil.example")));
    }
}

}  // namespace

}  // namespace afterresume::contract
