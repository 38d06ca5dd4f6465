// Where requests may come from: the networks of operators, and the page's own server.
#include "fixture.h"

#include "api/service_token.h"
#include "infra/config/settings.h"

#include <fmt/format.h>

namespace afterresume::contract {

namespace {

const std::string secret(40, 's');

class Borders : public testing::TestWithParam<sql::Dialect> {
protected:
    void SetUp() override {
        if (GetParam() == sql::Dialect::postgres && !sql::test_server_url())
            GTEST_SKIP() << "TEST_DATABASE_URL is not set";
    }
    void open(const Program::Adjust& adjust) { program.emplace(GetParam(), adjust); }
    // From loopback, which is a trusted proxy, on behalf of this client.
    int status_of(const std::string& path, const std::string& client) {
        return program->call("GET", path, ada, {}, {{"x-forwarded-for", client}}).status;
    }
    int with_token(
        const std::string& method, const std::string& path, const std::string& body = {}
    ) {
        http::Request request;
        request.method = method;
        request.set_target(path);
        request.body = body;
        auto nonce = fmt::format("nonce-of-a-request-{}", ++nonces);
        auto token = api::service_token(secret, request, SystemClock().now(), nonce);
        return program->call(method, path, ada, body, {{"x-service-token", token}}).status;
    }

    std::optional<Program> program;
    int nonces = 0;
};

TEST_P(Borders, ShowTheInstallationToTheNetworksOfOperatorsAlone) {
    open([](config::Settings& settings) {
        settings.admin_ip_allowlist = {"10.1.0.0/16", "2001:db8::/32"};
    });

    for (const auto* path :
         {"/system/overview/", "/system/jobs/", "/api/admin/users/", "/metrics"}) {
        for (const auto* inside :
             {"10.1.2.3", "::ffff:10.1.2.3", "2001:db8::7", "6.6.6.6, 10.1.2.3"})
            EXPECT_EQ(status_of(path, inside), 200) << path << " from " << inside;
        for (const auto* outside :
             {"10.2.2.3", "6.6.6.6", "2001:db9::7", "10.1.2.3, 6.6.6.6", "10.1.2.3.evil",
              "10.1.2.3;"})
            EXPECT_EQ(status_of(path, outside), 404) << path << " from " << outside;
    }
    EXPECT_EQ(status_of("/api/auth/me/", "6.6.6.6"), 200);
}

TEST_P(Borders, TakeTheAddressFromNoOtherHeader) {
    open([](config::Settings& settings) { settings.admin_ip_allowlist = {"10.1.0.0/16"}; });

    for (const auto* name :
         {"x-real-ip", "forwarded", "x_forwarded_for", "x-forwarded", "client-ip", "x-client-ip",
          "true-client-ip", "cf-connecting-ip", "x-forwarded-host", "via"}) {
        auto answer = program->call(
            "GET", "/system/overview/", ada, {},
            {{name, "10.1.2.3"}, {name, "for=10.1.2.3"}, {"x-forwarded-for", "6.6.6.6"}}
        );
        EXPECT_EQ(answer.status, 404) << name;
    }
    // What the proxy that we trust added comes last, also where there are several fields.
    auto repeated = program->call(
        "GET", "/system/overview/", ada, {},
        {{"x-forwarded-for", "10.1.2.3"}, {"X-Forwarded-For", "6.6.6.6"}}
    );
    EXPECT_EQ(repeated.status, 404);
}

TEST_P(Borders, AreTheSameHoweverAPathIsWritten) {
    open([](config::Settings& settings) { settings.admin_ip_allowlist = {"10.1.0.0/16"}; });

    for (const auto* path :
         {"/system/overview",
          "/System/overview/",
          "/SYSTEM/OVERVIEW/",
          "//system/overview/",
          "/system//overview/",
          "/./system/overview/",
          "/api/../system/overview/",
          "/system/overview/?a=1",
          "/%73ystem/overview/",
          "/system%2Foverview/",
          "/system/overview/;x",
          "/system;x/overview/",
          "/system/overview/.",
          "/metrics/",
          "/Metrics",
          "/%6detrics",
          "/api/jobs/check/",
          "/api/admin/users/",
          "/api/admin/users",
          "/api/Admin/users/",
          "/API/ADMIN/USERS/",
          "//api/admin/users/",
          "/api//admin/users/",
          "/api/./admin/users/",
          "/api/x/../admin/users/",
          "/api/%61dmin/users/",
          "/api%2Fadmin/users/",
          "/api/admin/users/?a=1",
          "/api/admin/users/;x",
          "/api/admin;x/users/",
          "/api/admin/users/.",
          "/api/admin/tenants/"}) {
        EXPECT_EQ(status_of(path, "6.6.6.6"), 404) << path;
    }
    EXPECT_EQ(status_of("/system/overview", "10.1.2.3"), 200);
    EXPECT_EQ(status_of("/api/admin/users", "10.1.2.3"), 200);
}

TEST_P(Borders, ShowNothingToOutsidersWhateverTheMethod) {
    open([](config::Settings& settings) { settings.admin_ip_allowlist = {"10.1.0.0/16"}; });
    auto ask = [&](const std::string& method, const std::string& path, const std::string& client) {
        return program->call(
            method, path, ada, {},
            {{"x-forwarded-for", client}, {"access-control-request-method", "GET"}}
        );
    };

    for (const auto* method :
         {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"}) {
        for (const auto* path :
             {"/system/overview/", "/system/overview", "//system/overview/", "/system/jobs/",
              "/system/jobs/7/", "/system/flags/", "/api/admin/users/", "/api/admin/users/7/",
              "/metrics", "/metrics/", "/%6detrics"}) {
            auto outside = ask(method, path, "6.6.6.6");
            EXPECT_EQ(outside.status, 404) << method << ' ' << path;
            EXPECT_EQ(outside.header("Allow"), "") << method << ' ' << path;
        }
    }
    EXPECT_EQ(ask("OPTIONS", "/system/overview/", "10.1.2.3").status, 204);
    EXPECT_EQ(ask("PUT", "/metrics", "10.1.2.3").header("Allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(ask("OPTIONS", "/api/worklogs/", "6.6.6.6").status, 204);
}

TEST_P(Borders, LetPageSessionsInByThePagesServerAlone) {
    open([](config::Settings& settings) { settings.service_to_service_secret = secret; });
    auto made =
        program->call("POST", "/api/auth/tokens/", ada, R"({"name":"CLI","scopes":["write"]})");
    Headers personal{{"authorization", "Bearer " + made.text("/token")}};

    auto direct = program->call("GET", "/api/worklogs/", ada);
    EXPECT_EQ(direct.status, 403);
    EXPECT_EQ(direct.text("/code"), "request.service_token");
    EXPECT_EQ(with_token("GET", "/api/worklogs/"), 200);
    EXPECT_EQ(with_token("POST", "/api/worklogs/", R"({"content":"a"})"), 201);
    EXPECT_EQ(program->call("GET", "/api/auth/me/", ada).status, 200);
    EXPECT_EQ(program->call("GET", "/system/overview/", ada).status, 200);
    EXPECT_EQ(program->call("GET", "/api/healthz/", nobody).status, 200);
    EXPECT_EQ(program->call("GET", "/api/worklogs/", nobody, {}, personal).status, 200);
    EXPECT_EQ(program->call("GET", "/api/worklogs/", nobody).status, 401);
}

TEST_P(Borders, ShowNobodyInByThePagesServerAlone) {
    open([](config::Settings& settings) { settings.service_to_service_secret = secret; });
    program->set_token(ada, program->token(forged));

    EXPECT_EQ(with_token("GET", "/api/worklogs/"), 401);
}

TEST_P(Borders, AreOpenToPageSessionsWhereThatIsSaid) {
    open([](config::Settings& settings) {
        settings.service_to_service_secret = secret;
        settings.skip_service_auth = true;
    });

    EXPECT_EQ(program->call("GET", "/api/worklogs/", ada).status, 200);
}

INSTANTIATE_TEST_SUITE_P(Engines, Borders, sql::both_databases(), sql::dialect_name);

}  // namespace

}  // namespace afterresume::contract
