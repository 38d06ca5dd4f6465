#include "owner.h"
#include "tabs.h"

#include "app/composition.h"

namespace afterresume::contract {

namespace {

std::string confirmed(std::string_view secret = password) {
    return fmt::format(R"({{"password":"{}"}})", secret);
}

}  // namespace

class Deletion : public TabsTest {
protected:
    Answer delete_tenant(const Tab& tab, std::string_view secret = password) {
        auto answer = by(tab, "POST", "/api/tenant/delete/", confirmed(secret));
        forget(tab);
        return answer;
    }
    Answer delete_account(const Tab& tab, std::string_view secret = password) {
        auto answer = by(tab, "POST", "/api/auth/delete/", confirmed(secret));
        forget(tab);
        return answer;
    }
    void purge() {
        program().run(asked());
        program().work();
    }
    Task<bool> asked() {
        auto& parts = program().composition();
        co_await parts.sealer.seal_all();
        auto tx = parts.database->begin_engine(sql::Access::write);
        jobs::Origin program_itself{TenantId{0}, UserId{0}, jobs::Trigger::schedule};
        co_await parts.queue.enqueue(*tx, program_itself, {"tenant.purge"});
        co_await tx->commit();
        co_return true;
    }
    // The tables in which something of that user is left, but for the emptied trail.
    std::vector<std::string> left_of(std::int64_t user) {
        Owner owner(program().composition().settings);
        std::vector<std::string> tables;
        for (const auto& [table, columns] : owner.tables_with("user_id")) {
            auto of = fmt::format("user_id = {}", user);
            if (table == "auth_event") of += " AND (address <> '' OR user_agent <> '')";
            // What the session guard reads ages by itself.
            if (table != "session_change" && owner.count(table, of) > 0) tables.push_back(table);
        }
        constexpr auto* said =
            "email <> '' OR display_name <> '' OR headline <> '' OR week_start <> 'monday'";
        auto named = fmt::format("id = {} AND ({})", user, said);
        if (owner.count("app_user", named) > 0) tables.push_back("app_user");
        return tables;
    }
    Answer restore(const Tab& tab) {
        auto answer = by(tab, "POST", "/api/tenant/restore/");
        forget(tab);
        return answer;
    }
    // Somebody else in the tab's tenant.
    Tab guest_of(const Tab& host, const std::string& email, const std::string& role) {
        auto guest = sign_up(email);
        auto made = by(host, "POST", "/api/invitations/", R"({"role":")" + role + R"("})");
        auto joined =
            by(guest, "POST", "/api/invitations/accept/",
               R"({"code":")" + made.text("/code") + R"("})");
        return switched(guest, joined);
    }
};

INSTANTIATE_TEST_SUITE_P(Engines, Deletion, sql::both_databases(), sql::dialect_name);

TEST_P(Deletion, MakesATenantReadOnlyUntilItsOwnerHasItBack) {
    auto owner = sign_up("closer@example.org");
    auto guest = guest_of(owner, "guest-of-closer@example.org", "admin");
    by(owner, "POST", "/api/worklogs/", R"({"content":"Written before."})");

    auto deleted = delete_tenant(owner);
    forget(guest);
    auto written = by(owner, "POST", "/api/worklogs/", R"({"content":"Written after."})");
    auto written_by_guest = by(guest, "POST", "/api/worklogs/", R"({"content":"Written after."})");
    auto read = by(owner, "GET", "/api/worklogs/");
    auto listed = by(owner, "GET", "/api/tenants/");
    auto restored_by_guest = restore(guest);
    auto restored = restore(owner);
    auto again = by(owner, "POST", "/api/worklogs/", R"({"content":"Written again."})");

    EXPECT_EQ(deleted.status, 200);
    EXPECT_EQ(deleted.text("/status"), "pending_deletion");
    EXPECT_NE(deleted.text("/purge_at"), "null");
    EXPECT_EQ(written.status, 403);
    EXPECT_EQ(written_by_guest.status, 403);
    EXPECT_EQ(read.count("/items"), 1U);
    EXPECT_EQ(listed.text("/items/0/status"), "pending_deletion");
    EXPECT_EQ(listed.text("/items/0/role"), "owner");
    EXPECT_EQ(restored_by_guest.status, 403);
    EXPECT_EQ(restored.status, 200);
    EXPECT_EQ(restored.text("/status"), "active");
    EXPECT_EQ(restored.text("/purge_at"), "null");
    EXPECT_EQ(again.status, 201);
    auto audit = by(owner, "GET", "/api/tenant/audit/");
    EXPECT_EQ(audit.text("/items/0/name"), "tenant_restored");
    EXPECT_THAT(audit.body, testing::HasSubstr(R"("name":"tenant_deleted","outcome":"success")"));
}

TEST_P(Deletion, OfATenantIsForItsOwnersWhoProveWhoTheyAre) {
    auto owner = sign_up("prover@example.org");
    auto guest = guest_of(owner, "guest-of-prover@example.org", "admin");

    auto by_guest = delete_tenant(guest);
    auto wrong = delete_tenant(owner, "not the password");
    auto not_deleted = restore(owner);

    EXPECT_EQ(by_guest.status, 403);
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.text("/code"), "accounts.wrong_credentials");
    EXPECT_EQ(not_deleted.status, 409);
    EXPECT_EQ(not_deleted.text("/code"), "tenants.not_pending_deletion");
    auto audit = by(owner, "GET", "/api/tenant/audit/?page_size=2");
    EXPECT_EQ(audit.text("/items/0/name"), "tenant_deleted");
    EXPECT_EQ(audit.text("/items/0/outcome"), "failure");
}

TEST_P(Deletion, OfATenantCancelsWhatIsQueuedThere) {
    auto owner = sign_up("queuer@example.org");
    auto entry = by(owner, "POST", "/api/worklogs/", R"({"content":"Tuned PostgreSQL."})");
    auto job = fmt::format("/api/jobs/{}/", entry.text("/job_ids/0"));
    ASSERT_EQ(by(owner, "GET", job).text("/status"), "queued");

    delete_tenant(owner);
    program().work();

    EXPECT_EQ(by(owner, "GET", job).text("/status"), "cancelled");
    EXPECT_EQ(by(owner, "GET", "/api/skills/").count("/items"), 0U);
}

TEST_P(Deletion, OfATenantClosesItsInvitationsAndWhatProgramsWriteWith) {
    auto owner = sign_up("inviter@example.org");
    auto code = by(owner, "POST", "/api/invitations/", R"({"role":"member"})").text("/code");
    auto made = by(owner, "POST", "/api/auth/tokens/", R"({"name":"script","scopes":["write"]})");
    const Headers token{{"authorization", "Bearer " + made.text("/token")}};

    delete_tenant(owner);
    auto other = sign_up("too-late@example.org");
    auto accepted = by(other, "POST", "/api/invitations/accept/", R"({"code":")" + code + R"("})");

    EXPECT_EQ(accepted.status, 410);
    EXPECT_EQ(call("GET", "/api/worklogs/", nobody, "", token).status, 200);
    EXPECT_EQ(
        call("POST", "/api/worklogs/", nobody, R"({"content":"By a program."})", token).status, 403
    );
}

TEST_P(Deletion, LeadsAMemberWhoSignsInToATenantThatStays) {
    auto owner = sign_up("two-homes@example.org");
    auto second = by(owner, "POST", "/api/tenants/", R"({"name":"Second"})");

    delete_tenant(owner);
    auto again = log_in("two-homes@example.org");

    EXPECT_EQ(by(again, "GET", "/api/tenant/").number("/id"), second.number("/id"));
}

TEST_P(Deletion, OfAnAccountLeavesNothingOfItAndFreesItsAddress) {
    auto host = sign_up("host-of-leaver@example.org");
    auto guest = guest_of(host, "leaver@example.org", "member");
    auto user = by(guest, "GET", "/api/auth/me/").number("/id");
    auto entry =
        by(guest, "POST", "/api/worklogs/",
           R"({"content":"Tuned PostgreSQL.","visibility":"tenant"})");
    auto token = by(guest, "POST", "/api/auth/tokens/", R"({"name":"script","scopes":["read"]})");
    auto headline = R"({"headline":"Tuner of databases","week_start":"sunday"})";
    by(guest, "PATCH", "/api/auth/me/", headline, overwrite);
    by(host, "POST", "/api/worklogs/", R"({"content":"Tuned PostgreSQL, too."})");
    program().work();

    auto deleted = delete_account(guest);
    auto after = by(guest, "GET", "/api/auth/me/").status;
    auto refreshed = call("POST", "/api/auth/token/refresh/", nobody, "", guest.cookie).status;
    auto by_token = call(
        "GET", "/api/worklogs/", nobody, "", {{"authorization", "Bearer " + token.text("/token")}}
    );
    auto login = call("POST", "/api/auth/login/", nobody, login_body("leaver@example.org"));
    purge();

    EXPECT_EQ(deleted.status, 204) << deleted.body;
    EXPECT_EQ(after, 401);
    EXPECT_EQ(refreshed, 401);
    EXPECT_EQ(by_token.status, 401);
    EXPECT_EQ(login.status, 401);
    EXPECT_THAT(left_of(user), testing::IsEmpty());
    EXPECT_EQ(by(host, "GET", entry.header("Location")).status, 404);
    EXPECT_EQ(by(host, "GET", "/api/worklogs/").count("/items"), 1U);
    EXPECT_EQ(by(host, "GET", "/api/tenant/members/").count("/items"), 1U);
    auto anew = sign_up("leaver@example.org");
    EXPECT_NE(by(anew, "GET", "/api/auth/me/").number("/id"), user);
    EXPECT_EQ(call("GET", "/system/audit/verify/", ada).count("/broken"), 0U);
}

TEST_P(Deletion, OfAnAccountTakesATenantAlongInWhichNobodyElseIs) {
    auto alone = sign_up("alone@example.org");
    auto tenant = by(alone, "GET", "/api/tenant/").number("/id");
    by(alone, "POST", "/api/worklogs/", R"({"content":"Tuned PostgreSQL."})");

    auto deleted = delete_account(alone);
    purge();

    EXPECT_EQ(deleted.status, 204) << deleted.body;
    Owner owner(program().composition().settings);
    EXPECT_EQ(owner.count("tenant", fmt::format("id = {}", tenant)), 0);
    EXPECT_EQ(owner.count("worklog", fmt::format("tenant_id = {}", tenant)), 0);
    EXPECT_EQ(owner.count("session", fmt::format("last_tenant_id = {}", tenant)), 0);
}

TEST_P(Deletion, OfAnAccountIsRefusedWhileOthersNeedItAsOwner) {
    auto owner = sign_up("needed@example.org");
    auto guest = guest_of(owner, "guest-of-needed@example.org", "admin");
    auto tenant = by(owner, "GET", "/api/tenant/").number("/id");
    auto members = by(owner, "GET", "/api/tenant/members/");
    auto heir = fmt::format(R"({{"member_id":{}}})", members.number("/items/1/id"));

    auto wrong = delete_account(owner, "not the password");
    auto refused = delete_account(owner);
    auto still = by(owner, "GET", "/api/tenant/").status;
    by(owner, "POST", "/api/tenant/transfer/", heir);
    auto deleted = delete_account(owner);

    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.text("/code"), "accounts.needed_as_owner");
    EXPECT_THAT(refused.text("/detail"), testing::HasSubstr(std::to_string(tenant)));
    EXPECT_EQ(still, 200);
    EXPECT_EQ(deleted.status, 204) << deleted.body;
    forget(guest);
    EXPECT_EQ(by(guest, "GET", "/api/tenant/").status, 200);
}

}  // namespace afterresume::contract
