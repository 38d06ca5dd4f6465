#include "tabs.h"

#include "infra/single_use/testing.h"

#include <set>

namespace afterresume::contract {

namespace {

using testing::Contains;

// POSTs that take no Idempotency-Key, each with why.
const std::map<std::string, std::string> keyless{
    {"/api/auth/signup/", "the address is the key: nobody has an account before"},
    {"/api/auth/signup/confirm/", "its code is used once"},
    {"/api/auth/login/", "nobody is signed in yet; another session does no harm"},
    {"/api/auth/mfa/", "its token is used once"},
    {"/api/auth/token/refresh/", "its cookie is used once, and repeated for ten seconds"},
    {"/api/tenants/switch/", "a refresh"},
    {"/api/auth/logout/", "makes nothing"},
    {"/api/auth/email/send/", "of several mails the newest counts"},
    {"/api/auth/email/verify/", "its code is used once"},
    {"/api/auth/password/forgot/", "of several mails the newest counts"},
    {"/api/auth/password/reset/", "its code is used once"},
    {"/api/auth/password/change/", "makes nothing"},
    {"/api/auth/mfa/totp/", "the newest secret replaces the one before"},
    {"/api/auth/mfa/totp/confirm/", "its code is used once"},
    {"/api/auth/mfa/totp/remove/", "its code is used once"},
    {"/api/auth/mfa/recovery-codes/", "its code is used once"},
    {"/api/auth/delete/", "makes nothing"},
    {"/api/tenant/delete/", "makes nothing"},
    {"/api/share/{token}/", "makes nothing"},
    {"/s/{token}", "makes nothing"},
    {"/api/admin/users/", "the address is the key: nobody has an account before"},
    {"/api/admin/tenants/", "names are nobody's own: another waits for its owner and can be closed"
    },
    {"/api/admin/tenants/{id}/owner-invitation/", "of several mails the newest counts"},
    {"/api/admin/users/{id}/sign-out/", "makes nothing"},
    {"/api/admin/users/{id}/remove-second-factor/", "makes nothing"},
    {"/system/accounts/reset-second-factor/", "makes nothing"},
    {"/system/auth/login/", "nobody is signed in yet; another session does no harm"},
    {"/system/auth/mfa/", "its token is used once"},
    {"/system/auth/logout/", "makes nothing"},
    {"/system/break-glass/", "refused while the first is open"},
    {"/system/flags/", "says what is to be, and changes nothing twice"},
    {"/system/limits/", "says what is to be, and changes nothing twice"},
    {"/system/queues/{queue}/pause/", "changes nothing twice"},
    {"/system/queues/{queue}/resume/", "changes nothing twice"},
    {"/system/queues/{queue}/tenants/", "says what is to be, and changes nothing twice"},
    {"/system/jobs/batch/", "each job is refused when it comes twice"},
    {"/system/jobs/{id}/cancel/", "refused when it comes twice"},
    {"/system/jobs/{id}/retry/", "refused when it comes twice"},
    {"/system/schedules/{id}/pause/", "changes nothing twice"},
    {"/system/schedules/{id}/resume/", "changes nothing twice"},
    {"/system/schedules/{id}/run/", "refused while the first is being done, where that matters"},
};

bool has_header(const JsonObject& operation, std::string_view name) {
    const auto* parameters = operation.if_contains("parameters");
    if (parameters == nullptr) return false;
    for (const auto& one : parameters->as_array()) {
        if (one.at("in") == Json("header") && one.at("name") == Json(name)) return true;
    }
    return false;
}

}  // namespace

class Keys : public TabsTest {
protected:
    Answer made(const Tab& tab, const std::string& key, const std::string& name = "Second") {
        return by(
            tab, "POST", "/api/tenants/", R"({"name":")" + name + R"("})",
            {{"idempotency-key", key}}
        );
    }
    std::string invitation() {
        return call("POST", "/api/invitations/", ada, R"({"role":"member"})").text("/code");
    }
    // The same of everybody's, all at once: one answer to all, but for those who came meanwhile.
    Answer the_answer_to_all(const std::string& path, const Tab& tab, const std::string& body) {
        Headers headers{
            {"idempotency-key", "all-at-once"}, {"authorization", "Bearer " + tab.token}
        };
        auto answers =
            program().call_at_once(single_use::many, "POST", path, nobody, body, headers);
        std::set<std::string> bodies;
        for (const auto& one : answers) {
            if (one.status == 409) {
                EXPECT_EQ(one.text("/code"), "idempotency.in_flight");
            } else {
                EXPECT_LT(one.status, 300) << one.body;
                bodies.insert(one.body);
            }
        }
        EXPECT_EQ(bodies.size(), 1U);
        auto later = by(tab, "POST", path, body, {{"idempotency-key", "all-at-once"}});
        EXPECT_THAT(bodies, Contains(later.body));
        EXPECT_EQ(later.header("Idempotent-Replayed"), "true");
        return later;
    }
    Json document() { return describe::parse_json(call("GET", "/api/openapi.json", nobody).body); }
};

INSTANTIATE_TEST_SUITE_P(Engines, Keys, sql::both_databases(), sql::dialect_name);

TEST_P(Keys, AreTakenByEveryPostThatIsNotListedWithItsReason) {
    auto json = document();
    std::size_t without = 0;

    for (const auto& [path, operations] : json.at("paths").as_object()) {
        const auto* post = operations.as_object().if_contains("post");
        if (post == nullptr) continue;
        auto listed = keyless.contains(std::string(path));
        EXPECT_NE(has_header(post->as_object(), "Idempotency-Key"), listed) << path;
        without += listed ? 1 : 0;
    }

    EXPECT_EQ(without, keyless.size());
}

TEST_P(Keys, MakeOneTenantHoweverOftenTheyAreSent) {
    auto home = sign_up("founder@example.org");

    auto first = made(home, "found");
    auto again = made(home, "found");
    auto other = made(home, "found", "Third");
    auto elsewhere = made(switched(home, first), "found");

    EXPECT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
    EXPECT_EQ(other.text("/code"), "idempotency.mismatch");
    EXPECT_EQ(elsewhere.text("/code"), "idempotency.mismatch");
    EXPECT_EQ(by(home, "GET", "/api/tenants/").count("/items"), 2U);
}

TEST_P(Keys, AreOfWhoeverSendsThem) {
    auto one = made(sign_up("one@example.org"), "shared");
    auto other = made(sign_up("other@example.org"), "shared");

    EXPECT_EQ(other.status, 201);
    EXPECT_NE(other.number("/id"), one.number("/id"));
}

TEST_P(Keys, JoinOnceAndSayItAgain) {
    auto tab = sign_up("joiner@example.org");
    auto body = R"({"code":")" + invitation() + R"("})";
    auto accept = [&](const std::string& what, const std::string& key) {
        return by(tab, "POST", "/api/invitations/accept/", what, {{"idempotency-key", key}});
    };

    auto first = accept(body, "join");
    auto again = accept(body, "join");
    auto keyless_again = accept(body, "another");
    auto other = accept(R"({"code":"another"})", "join");

    EXPECT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(keyless_again.status, 410);
    EXPECT_EQ(other.text("/code"), "idempotency.mismatch");
}

TEST_P(Keys, ShareOnceAndShowTheLinkAgain) {
    program().furnish();
    auto share = [&](const std::string& body) {
        return call("POST", "/api/shares/", ada, body, {{"idempotency-key", "share"}});
    };
    const std::string body = R"({"report_id":{ada.report},"password":"plover staple"})";

    auto first = share(body);
    auto again = share(body);
    auto other = share(R"({"report_id":{ada.report}})");

    EXPECT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(again.text("/token"), first.text("/token"));
    EXPECT_EQ(again.header("Location"), first.header("Location"));
    EXPECT_EQ(other.text("/code"), "idempotency.mismatch");
}

TEST_P(Keys, AreFreeAfterARefusal) {
    program().furnish();
    auto tab = sign_up("hasty@example.org");
    const Headers keyed{{"idempotency-key", "corrected"}};

    auto no_code = by(tab, "POST", "/api/invitations/accept/", R"({"code":"wrong"})", keyed);
    auto code =
        by(tab, "POST", "/api/invitations/accept/", R"({"code":")" + invitation() + R"("})", keyed);
    auto no_report = call("POST", "/api/shares/", ada, R"({"report_id":424242})", keyed);
    auto report = call("POST", "/api/shares/", ada, R"({"report_id":{ada.report}})", keyed);

    EXPECT_EQ(no_code.status, 410);
    EXPECT_EQ(code.status, 200) << code.body;
    EXPECT_EQ(no_report.status, 404);
    EXPECT_EQ(report.status, 201) << report.body;
}

TEST_P(Keys, MakeOneTenantOfManyRequestsAtOnce) {
    auto tab = sign_up("impatient@example.org");

    the_answer_to_all("/api/tenants/", tab, R"({"name":"Second"})");

    EXPECT_EQ(by(tab, "GET", "/api/tenants/").count("/items"), 2U);
}

TEST_P(Keys, JoinOnceByManyRequestsAtOnce) {
    auto tab = sign_up("eager@example.org");

    auto joined =
        the_answer_to_all("/api/invitations/accept/", tab, R"({"code":")" + invitation() + R"("})");

    EXPECT_EQ(joined.text("/role"), "member");
    EXPECT_EQ(by(tab, "GET", "/api/tenants/").count("/items"), 2U);
}

TEST_P(Keys, ShareOnceByManyRequestsAtOnce) {
    program().furnish();
    auto before = call("GET", "/api/shares/?page_size=100", ada).count("/items");

    the_answer_to_all(
        "/api/shares/", Tab{{}, program().token(ada)}, R"({"report_id":{ada.report}})"
    );

    EXPECT_EQ(call("GET", "/api/shares/?page_size=100", ada).count("/items"), before + 1);
}

}  // namespace afterresume::contract
