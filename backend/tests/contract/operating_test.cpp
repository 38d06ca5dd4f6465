#include "owner.h"
#include "tabs.h"

#include "app/composition.h"

#include <set>

namespace afterresume::contract {

namespace {

struct Asked {
    std::string method;
    std::string path;
    std::string body = {};
};

// What operators do, each with a body that would be taken.
const std::vector<Asked> acts{
    {"POST", "/system/jobs/0190b6e8-0000-7000-8000-000000000000/cancel/"},
    {"POST", "/system/jobs/0190b6e8-0000-7000-8000-000000000000/retry/"},
    {"POST", "/system/jobs/batch/", R"({"op":"cancel","filter":{"type":"none.such"}})"},
    {"POST", "/system/break-glass/", R"({"tenant_id":{bob.tenant},"reason":"They asked why."})"},
    {"DELETE", "/system/break-glass/424242/"},
    {"POST", "/system/queues/interactive/pause/"},
    {"POST", "/system/queues/interactive/resume/"},
    {"POST", "/system/queues/interactive/tenants/", R"({"tenant_id":424242,"weight":2})"},
    {"POST", "/system/schedules/424242/run/"},
    {"POST", "/system/schedules/424242/pause/"},
    {"POST", "/system/schedules/424242/resume/"},
    {"POST", "/system/flags/", R"({"flag":"maintenance","on":true})"},
    {"POST", "/system/limits/", R"({"tenant_id":424242,"plan":"free"})"},
    {"POST", "/system/accounts/reset-second-factor/", R"({"email":"bob@example.org"})"},
    {"POST", "/api/admin/users/", R"({"email":"grace@example.org","display_name":"Grace"})"},
    {"PATCH", "/api/admin/users/{bob}/", R"({"status":"deactivated"})"},
    {"DELETE", "/api/admin/users/{bob}/"},
    {"POST", "/api/admin/users/{bob}/sign-out/"},
    {"POST", "/api/admin/users/{bob}/remove-second-factor/"},
    {"POST", "/api/admin/tenants/", R"({"name":"Engines","owner_email":"grace@example.org"})"},
    {"PATCH", "/api/admin/tenants/{bob.tenant}/", R"({"status":"suspended"})"},
    {"DELETE", "/api/admin/tenants/{bob.tenant}/"},
    {"POST", "/api/admin/tenants/{bob.tenant}/owner-invitation/",
     R"({"owner_email":"grace@example.org"})"},
};

// What changes nothing but the session of whoever asks.
const std::set<std::string> no_acts{
    "/system/auth/login/", "/system/auth/mfa/", "/system/auth/logout/"
};

// As a path would be written that the pattern takes.
std::string with_ids(std::string pattern) {
    auto put = [&](std::string_view name, std::string_view value) {
        if (auto at = pattern.find(name); at != std::string::npos)
            pattern.replace(at, name.size(), value);
    };
    put("{queue}", "interactive");
    auto is_in = [&](std::string_view folder) { return pattern.starts_with(folder); };
    put("{id}", is_in("/system/jobs/")         ? "0190b6e8-0000-7000-8000-000000000000"
                : is_in("/api/admin/users/")   ? "{bob}"
                : is_in("/api/admin/tenants/") ? "{bob.tenant}"
                                               : "424242");
    return pattern;
}

}  // namespace

// ada looks at the installation, and operates it only where a test says so.
class Operating : public ProgramTest {
protected:
    void SetUp() override {
        ProgramTest::SetUp();
        if (IsSkipped()) return;
        auto him = call("GET", "/api/auth/me/", bob);
        program().remember("bob", him.text("/id"));
        program().remember("bob.tenant", him.text("/tenant_id"));
        let_ada_operate(false);
    }
    void TearDown() override {
        if (!IsSkipped()) let_ada_operate(true);
    }
    void let_ada_operate(bool may) {
        Owner owner(program().composition().settings);
        owner.rows(fmt::format(
            "UPDATE app_user SET may_operate = {} WHERE email = 'ada@example.org'",
            may ? "TRUE" : "FALSE"
        ));
    }
    Answer ask(const Asked& asked) {
        return call(asked.method, asked.path, ada, asked.body, overwrite);
    }
};

INSTANTIATE_TEST_SUITE_P(Engines, Operating, sql::both_databases(), sql::dialect_name);

TEST_P(Operating, IsRefusedToWhoMayOnlyLook) {
    auto before = call("GET", "/system/acts/", ada);

    for (const auto& act : acts) {
        SCOPED_TRACE(act.method + " " + act.path);
        auto answer = ask(act);
        EXPECT_EQ(answer.status, 403) << answer.body;
        EXPECT_EQ(answer.text("/code"), "accounts.may_only_look");
    }

    EXPECT_EQ(call("GET", "/system/acts/", ada).body, before.body);
    EXPECT_EQ(call("GET", "/api/auth/me/", bob).status, 200);
    EXPECT_EQ(call("GET", "/system/flags/", ada).text("/items"), "[]");
}

TEST_P(Operating, IsAskedOfEveryRouteOfOperatorsThatChangesSomething) {
    std::set<std::string> asked;
    for (const auto& act : acts) asked.insert(act.method + " " + act.path);

    for (const auto& route : program().composition().gateway.routes()) {
        if (!route.staff || route.method == "GET" || no_acts.contains(route.pattern)) continue;
        EXPECT_TRUE(asked.contains(route.method + " " + with_ids(route.pattern)))
            << route.method << " " << route.pattern;
    }
}

TEST_P(Operating, IsNotNeededForLooking) {
    for (const auto* path :
         {"/system/overview/", "/system/jobs/", "/system/queues/", "/system/schedules/",
          "/system/flags/", "/system/limits/", "/system/acts/", "/system/audit/",
          "/system/break-glass/", "/api/admin/users/", "/api/admin/users/{bob}/",
          "/api/admin/tenants/", "/api/admin/tenants/{bob.tenant}/"}) {
        auto answer = call("GET", path, ada);
        EXPECT_EQ(answer.status, 200) << path << answer.body;
    }
    EXPECT_EQ(call("GET", "/api/auth/me/", ada).text("/may_operate"), "false");
}

TEST_P(Operating, BeginsAndEndsAtOnce) {
    Asked harmless{"POST", "/system/queues/interactive/resume/"};
    let_ada_operate(true);
    auto allowed = ask(harmless);
    let_ada_operate(false);

    EXPECT_EQ(allowed.status, 200) << allowed.body;
    EXPECT_EQ(ask(harmless).status, 403);
}

}  // namespace afterresume::contract
