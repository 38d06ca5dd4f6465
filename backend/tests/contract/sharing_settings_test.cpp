// What an installation, a tenant's limits and guesses make of share links.
#include "sharing.h"

#include "app/composition.h"

namespace afterresume::contract {

namespace {

using testing::HasSubstr;
using testing::Not;

}  // namespace

// Each on a program of its own.
class SharingOf : public testing::TestWithParam<sql::Dialect> {
protected:
    void SetUp() override {
        if (GetParam() == sql::Dialect::postgres && !sql::test_server_url())
            GTEST_SKIP() << "TEST_DATABASE_URL is not set";
    }
    static Answer share(Program& program) {
        return program.call("POST", "/api/shares/", ada, R"({"report_id":{ada.report}})");
    }
    static int follow(Program& program, const std::string& token) {
        return program.call("GET", "/api/share/" + token + "/", nobody).status;
    }
    // As every node does within a second.
    static Task<bool> learned(Program& program) {
        co_await program.composition().quotas.look();
        co_return true;
    }
    static void operate(Program& program, const std::string& path, const std::string& body) {
        auto answer = program.call("POST", path, ada, body);
        EXPECT_EQ(answer.status, 200) << answer.body;
        program.run(learned(program));
    }
};

INSTANTIATE_TEST_SUITE_P(Engines, SharingOf, sql::both_databases(), sql::dialect_name);

TEST_P(SharingOf, AProgramIsSwitchedOffAndOnWhileItRuns) {
    Program program(GetParam());
    program.furnish();
    auto token = share(program).text("/token");
    operate(program, "/system/flags/", R"({"flag":"disable_sharing","on":true})");

    auto refused = share(program);
    auto followed = program.call("GET", "/s/" + token, nobody);
    auto listed = program.call("GET", "/api/shares/", ada);
    auto ended = program.call("DELETE", "/api/shares/{ada.share}/", ada, "", overwrite);
    auto made_up = program.call("GET", "/s/made-up", nobody);
    operate(program, "/system/flags/", R"({"flag":"disable_sharing","on":false})");

    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.text("/code"), "sharing.off");
    EXPECT_EQ(said(followed), said(made_up));
    EXPECT_EQ(followed.status, 404);
    EXPECT_EQ(listed.count("/items"), 2U);
    EXPECT_EQ(ended.status, 204);
    EXPECT_EQ(follow(program, token), 200);
    EXPECT_EQ(
        program.call("GET", "/system/acts/", ada).text("/items/0/subject"), "disable_sharing"
    );
}

TEST_P(SharingOf, OneTenantIsSwitchedOffAlone) {
    Program program(GetParam());
    program.furnish();
    auto token = share(program).text("/token");
    auto bobs = program.call("GET", "/api/auth/me/", bob).number("/tenant_id");
    auto adas = program.call("GET", "/api/auth/me/", ada).number("/tenant_id");
    auto off = [&](std::int64_t tenant) {
        operate(
            program, "/system/flags/",
            fmt::format(R"({{"flag":"disable_sharing","on":true,"tenant_id":{}}})", tenant)
        );
        return follow(program, token);
    };

    EXPECT_EQ(off(bobs), 200);
    EXPECT_EQ(off(adas), 404);
}

TEST_P(SharingOf, AnInstallationIsOffWhereTheSettingsSaySo) {
    Program program(GetParam(), [](config::Settings& settings) {
        settings.disable_sharing = true;
    });
    auto refused =
        program.call("POST", "/system/flags/", ada, R"({"flag":"disable_sharing","on":false})");

    EXPECT_EQ(refused.text("/code"), "system.always_on");
    EXPECT_EQ(
        program.call("POST", "/api/shares/", ada, R"({"report_id":1})").text("/code"), "sharing.off"
    );
}

TEST_P(SharingOf, ATenantIsLimitedToItsLinks) {
    Program program(GetParam());
    program.furnish();
    auto tenant = program.call("GET", "/api/auth/me/", ada).number("/tenant_id");
    operate(
        program, "/system/limits/", fmt::format(R"({{"tenant_id":{},"share_links":1}})", tenant)
    );

    auto refused = share(program);
    auto usage = program.call("GET", "/api/tenant/usage/", ada);

    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.text("/quota/quota"), "share_links");
    EXPECT_EQ(refused.number("/quota/used"), 1);
    EXPECT_EQ(usage.text("/items/3/quota"), "share_links");
    EXPECT_EQ(usage.number("/items/3/used"), 1);
    EXPECT_EQ(program.call("DELETE", "/api/shares/{ada.share}/", ada, "", overwrite).status, 204);
    EXPECT_EQ(share(program).status, 201);
}

TEST_P(SharingOf, WhateverIsGuessedAtIsStoppedByAddress) {
    Program program(GetParam(), [](config::Settings& settings) {
        settings.rate_limit_ip = config::Rate{1, 3600, 20};
    });
    program.furnish();
    auto token = share(program).text("/token");
    while (follow(program, "made-up") == 404) {
    }

    auto refused = program.call("GET", "/api/share/" + token + "/", nobody);

    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.text("/code"), "request.rate_limited");
    EXPECT_EQ(program.call("GET", "/api/share/" + token + "/", ada).status, 429);
    EXPECT_EQ(program.call("GET", "/s/" + token, nobody).status, 429);
}

TEST_P(SharingOf, ALinkIsWrittenDownNowhere) {
    testing::internal::CaptureStderr();
    std::string token;
    std::string told;
    {
        Program program(GetParam(), [](config::Settings& settings) {
            settings.log_level = config::LogLevel::debug;
        });
        program.furnish();
        auto made = share(program);
        token = made.text("/token");
        program.call("GET", "/s/" + token, nobody);
        program.call("POST", "/api/share/" + token + "/", nobody, R"({"password":"open sesame"})");
        program.call("GET", "/s/" + token + "/x.css", nobody);
        for (const auto& path : {"/metrics", "/api/tenant/audit/", "/api/shares/", "/system/acts/"})
            told += program.call("GET", path, ada).body;
        told += program.call("GET", made.header("Location") + "views/", ada).body;
    }
    auto logged = testing::internal::GetCapturedStderr();

    EXPECT_THAT(logged, HasSubstr("/s/{token}"));
    EXPECT_THAT(told, HasSubstr("share_made"));
    EXPECT_THAT(logged + told, Not(HasSubstr(token.substr(0, 12))));
}

}  // namespace afterresume::contract
