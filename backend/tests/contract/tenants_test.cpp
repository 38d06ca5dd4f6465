#include "tabs.h"

namespace afterresume::contract {

class Members : public TabsTest {};

INSTANTIATE_TEST_SUITE_P(Engines, Members, sql::both_databases(), sql::dialect_name);

TEST_P(Members, ActInTwoTenantsAtOnce) {
    auto home = sign_up("two@example.org");
    auto made = by(home, "POST", "/api/tenants/", R"({"name":"Second"})");
    auto second = switched(home, made);

    by(home, "POST", "/api/worklogs/", R"({"content":"At home."})");
    by(second, "POST", "/api/worklogs/", R"({"content":"At the second."})");

    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(by(home, "GET", "/api/tenants/").count("/items"), 2U);
    auto at_home = by(home, "GET", "/api/worklogs/");
    auto at_second = by(second, "GET", "/api/worklogs/");
    EXPECT_EQ(at_home.count("/items"), 1U);
    EXPECT_EQ(at_home.text("/items/0/content"), "At home.");
    EXPECT_EQ(at_second.count("/items"), 1U);
    EXPECT_EQ(at_second.text("/items/0/content"), "At the second.");
    EXPECT_EQ(by(second, "GET", "/api/auth/sessions/").count("/items"), 1U);
}

TEST_P(Members, SwitchOnlyByTheCookieOfTheirFamily) {
    auto home = sign_up("cookieless@example.org");
    auto made = by(home, "POST", "/api/tenants/", R"({"name":"Second"})");
    auto body = fmt::format(R"({{"tenant_id":{}}})", made.number("/id"));

    EXPECT_EQ(by(home, "POST", "/api/tenants/switch/", body).status, 401);
    EXPECT_EQ(call("POST", "/api/tenants/switch/", nobody, body).status, 401);
    auto bobs = log_in("bob@example.org");
    EXPECT_EQ(call("POST", "/api/tenants/switch/", nobody, body, bobs.cookie).status, 404);
}

TEST_P(Members, LoseWhatTheirRoleNoLongerPermits) {
    auto gus = join("gus@example.org", "admin");
    auto path = member_path("gus@example.org");
    ASSERT_EQ(by(gus, "GET", "/api/invitations/").status, 200);

    auto blind = call("PATCH", path, ada, R"({"role":"read_only"})");
    auto changed = call("PATCH", path, ada, R"({"role":"read_only"})", {{"if-match", "\"1\""}});
    auto stale = call("PATCH", path, ada, R"({"role":"member"})", {{"if-match", "\"1\""}});
    auto audit = call("GET", "/api/tenant/audit/?page_size=1", ada);
    forget(gus);

    EXPECT_EQ(blind.status, 428);
    EXPECT_EQ(changed.status, 200);
    EXPECT_THAT(changed.header("ETag"), testing::StartsWith("\"2-"));
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(by(gus, "GET", "/api/invitations/").status, 403);
    EXPECT_EQ(by(gus, "POST", "/api/worklogs/", R"({"content":"a"})").status, 403);
    EXPECT_EQ(audit.text("/items/0/name"), "role_changed");
    EXPECT_EQ(audit.text("/items/0/data/role"), "read_only");
}

TEST_P(Members, HaveAShareOfWhatLimitsTheTenant) {
    join("kim@example.org", "member");
    auto path = member_path("kim@example.org");

    auto before = call("GET", path, ada);
    auto capped =
        call("PATCH", path, ada, R"({"share_percent":25})", {{"if-match", before.header("ETag")}});
    auto audit = call("GET", "/api/tenant/audit/?page_size=1", ada);

    EXPECT_EQ(before.number("/share_percent"), 100);
    EXPECT_EQ(capped.status, 200) << capped.body;
    EXPECT_EQ(capped.number("/share_percent"), 25);
    EXPECT_THAT(capped.header("ETag"), testing::StartsWith("\"2-"));
    EXPECT_EQ(audit.text("/items/0/name"), "member_limited");
    EXPECT_EQ(audit.number("/items/0/data/share_percent"), 25);
    for (const auto* percent : {"0", "101"}) {
        auto refused =
            call("PATCH", path, ada, fmt::format(R"({{"share_percent":{}}})", percent), overwrite);
        EXPECT_EQ(refused.status, 422);
        EXPECT_EQ(refused.text("/code"), "request.invalid");
        EXPECT_EQ(refused.text("/errors/0/pointer"), "/share_percent");
    }
    EXPECT_EQ(call("GET", path, ada).number("/share_percent"), 25);
}

TEST_P(Members, AreOutOnceTheyAreSuspendedOrRemoved) {
    auto hal = join("hal@example.org", "member");
    auto path = member_path("hal@example.org");

    call("PATCH", path, ada, R"({"status":"suspended"})", overwrite);
    forget(hal);
    auto suspended = by(hal, "GET", "/api/worklogs/").status;
    call("PATCH", path, ada, R"({"status":"active"})", overwrite);
    forget(hal);
    auto back = by(hal, "GET", "/api/worklogs/").status;
    auto removed = call("DELETE", path, ada, "", overwrite);
    forget(hal);

    EXPECT_EQ(suspended, 401);
    EXPECT_EQ(back, 200);
    EXPECT_EQ(removed.status, 204);
    EXPECT_EQ(by(hal, "GET", "/api/worklogs/").status, 401);
    auto elsewhere = call("POST", "/api/auth/token/refresh/", nobody, "", hal.cookie);
    EXPECT_EQ(elsewhere.status, 200);
    EXPECT_EQ(elsewhere.text("/user/role"), "owner");
}

TEST_P(Members, LeaveAndLeaveAnOwnerBehind) {
    auto ivy = join("ivy@example.org", "member");

    auto left = by(ivy, "POST", "/api/tenant/leave/");
    auto last = call("POST", "/api/tenant/leave/", ada);

    EXPECT_EQ(left.status, 204);
    EXPECT_EQ(last.status, 409);
    EXPECT_EQ(last.text("/code"), "tenants.last_owner");
}

TEST_P(Members, HandATenantOver) {
    auto owner = sign_up("old-owner@example.org");
    auto code = by(owner, "POST", "/api/invitations/", R"({"role":"admin"})").text("/code");
    auto heir = sign_up("heir@example.org");
    auto joined = by(heir, "POST", "/api/invitations/accept/", R"({"code":")" + code + R"("})");
    auto members = by(owner, "GET", "/api/tenant/members/");
    auto body = fmt::format(R"({{"member_id":{}}})", members.number("/items/1/id"));

    auto refused = by(switched(heir, joined), "POST", "/api/tenant/transfer/", body);
    auto handed = by(owner, "POST", "/api/tenant/transfer/", body);
    forget(owner);

    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(handed.status, 200);
    EXPECT_EQ(handed.text("/role"), "owner");
    EXPECT_EQ(by(owner, "GET", "/api/auth/me/").text("/role"), "admin");
}

TEST_P(Members, RenameTheTenantByItsVersion) {
    auto owner = sign_up("namer@example.org");

    auto read = by(owner, "GET", "/api/tenant/");
    auto etag = read.header("ETag");
    auto renamed =
        by(owner, "PATCH", "/api/tenant/", R"({"name":"Engines"})", {{"if-match", etag}});
    auto stale = by(owner, "PATCH", "/api/tenant/", R"({"name":"Looms"})", {{"if-match", etag}});

    EXPECT_EQ(renamed.status, 200);
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(by(owner, "GET", "/api/tenant/").text("/name"), "Engines");
    EXPECT_EQ(call("PATCH", "/api/tenant/", carol, R"({"name":"Mine"})", overwrite).status, 403);
}

}  // namespace afterresume::contract
