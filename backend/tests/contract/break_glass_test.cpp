#include "owner.h"
#include "tabs.h"

#include "app/composition.h"

namespace afterresume::contract {

namespace {

using testing::HasSubstr;

constexpr auto reason = "They asked why it failed.";

}  // namespace

// ada operates and sees into a job of bob's.
class BrokenGlass : public TabsTest {
protected:
    void SetUp() override {
        TabsTest::SetUp();
        if (IsSkipped()) return;
        owner.emplace(program().composition().settings);
        owner->rows("DELETE FROM break_glass");
        tenant = call("GET", "/api/auth/me/", bob).text("/tenant_id");
        job = job_of(bob);
        program().work();
    }
    void TearDown() override { owner.reset(); }

    std::string job_of(Actor who) {
        return call("POST", "/api/worklogs/", who, R"({"content":"Tuned PostgreSQL."})")
            .text("/job_ids/0");
    }
    static std::string place_of_job(const std::string& id) { return "/system/jobs/" + id + "/"; }
    std::string wanted(const std::string& more = "") {
        return fmt::format(R"({{"tenant_id":{},"reason":"{}"{}}})", tenant, reason, more);
    }
    Answer open() { return call("POST", "/system/break-glass/", ada, wanted()); }
    Answer end(const Answer& opened) {
        return call("DELETE", opened.header("Location"), ada, "", overwrite);
    }
    std::string seen() { return call("GET", place_of_job(job), ada).text("/content"); }
    // Of the newest records of bob's trail.
    std::vector<std::string> told(std::size_t count) {
        auto trail = call("GET", "/api/tenant/audit/", bob);
        std::vector<std::string> names;
        for (std::size_t i = 0; i < count; ++i)
            names.push_back(trail.text(fmt::format("/items/{}/name", i)));
        return names;
    }
    // Of the operators in bob's tenant, with that subject.
    std::vector<std::string> acts_on(const std::string& subject) {
        auto page = call("GET", "/system/acts/?page_size=100", ada);
        std::vector<std::string> acts;
        for (std::size_t i = 0; i < page.count("/items"); ++i) {
            auto at = fmt::format("/items/{}/", i);
            if (page.text(at + "subject") == subject && page.text(at + "tenant_id") == tenant)
                acts.push_back(page.text(at + "act"));
        }
        return acts;
    }
    // Somebody else who operates, until the test ends what they may.
    Tab operator_called(const std::string& name) {
        auto tab = sign_up(name + "@example.org");
        place_of[name] = "/api/admin/users/" + by(tab, "GET", "/api/auth/me/").text("/id") + "/";
        set_rights(name, R"({"is_staff":true,"may_operate":true})");
        forget(tab);
        return tab;
    }
    void set_rights(const std::string& name, const std::string& rights) {
        auto answer = call("PATCH", place_of.at(name), ada, rights, overwrite);
        EXPECT_EQ(answer.status, 200) << answer.body;
    }

    std::optional<Owner> owner;
    std::string tenant;
    std::string job;
    std::map<std::string, std::string> place_of;
};

INSTANTIATE_TEST_SUITE_P(Engines, BrokenGlass, sql::both_databases(), sql::dialect_name);

TEST_P(BrokenGlass, ShowsWhatIsInAJobUntilItIsEnded) {
    auto before = seen();

    auto opened = open();
    auto meanwhile = call("GET", place_of_job(job), ada);
    auto closed = end(opened);

    EXPECT_EQ(before, "null");
    EXPECT_EQ(opened.status, 201) << opened.body;
    EXPECT_EQ(opened.text("/tenant_id"), tenant);
    EXPECT_TRUE(meanwhile.at("/content/payload").is_object()) << meanwhile.body;
    EXPECT_FALSE(meanwhile.at("/content/payload").as_object().empty()) << meanwhile.body;
    EXPECT_EQ(meanwhile.text("/content/unreadable"), "false");
    EXPECT_EQ(closed.status, 204) << closed.body;
    EXPECT_EQ(seen(), "null");
}

TEST_P(BrokenGlass, ShowsWhyAJobFailed) {
    auto set = GetParam() == sql::Dialect::sqlite ? "" : "::jsonb";
    owner->rows(fmt::format(
        R"(UPDATE job SET error = '{{"kind":"permanent","code":"a.code","message":"Only Bob may read it."}}'{} WHERE id = '{}')",
        set, job
    ));
    auto hidden = call("GET", place_of_job(job), ada);

    auto opened = open();
    auto shown = call("GET", place_of_job(job), ada);
    end(opened);

    EXPECT_THAT(hidden.body, testing::Not(HasSubstr("Only Bob")));
    owner->rows(fmt::format("UPDATE job SET error = NULL WHERE id = '{}'", job));
    EXPECT_EQ(shown.text("/content/error_message"), "Only Bob may read it.") << shown.body;
}

TEST_P(BrokenGlass, TellsTheTenantAndTheOperatorsOfEachLook) {
    auto opened = open();
    seen();
    auto first = call("GET", "/api/tenant/audit/", bob);
    seen();
    end(opened);

    EXPECT_EQ(first.text("/items/0/name"), "job_content_read") << first.body;
    EXPECT_EQ(first.text("/items/0/data/reason"), reason);
    EXPECT_EQ(first.text("/items/0/data/job_id"), job);
    EXPECT_EQ(first.text("/items/0/user_id"), call("GET", "/api/auth/me/", ada).text("/id"));
    EXPECT_THAT(acts_on(job), testing::ElementsAre("read_content", "read_content"));
    EXPECT_THAT(
        acts_on(opened.text("/id")),
        testing::UnorderedElementsAre("open_break_glass", "end_break_glass")
    );
    EXPECT_THAT(
        told(4),
        testing::ElementsAre(
            "break_glass_ended", "job_content_read", "job_content_read", "break_glass_opened"
        )
    );
}

TEST_P(BrokenGlass, WritesNothingOfALookThatShowsMetadataAlone) {
    auto before = told(1);
    auto act = call("GET", "/system/acts/?page_size=1", ada).text("/items/0/id");

    seen();

    EXPECT_EQ(told(1), before);
    EXPECT_EQ(call("GET", "/system/acts/?page_size=1", ada).text("/items/0/id"), act);
}

TEST_P(BrokenGlass, IsOfOneOperatorAndOneTenant) {
    auto other = operator_called("grace");
    auto of_ada = job_of(ada);

    auto opened = open();
    auto by_other = by(other, "GET", place_of_job(job));
    auto of_another = call("GET", place_of_job(of_ada), ada);

    EXPECT_EQ(by_other.status, 200);
    EXPECT_EQ(by_other.text("/content"), "null");
    EXPECT_EQ(of_another.text("/content"), "null");
    // Whoever operates may end it.
    EXPECT_EQ(by(other, "DELETE", opened.header("Location"), "", overwrite).status, 204);
    EXPECT_EQ(seen(), "null");
    auto read = call("GET", opened.header("Location"), ada);
    EXPECT_EQ(read.text("/ended_by"), by(other, "GET", "/api/auth/me/").text("/id")) << read.body;
    set_rights("grace", R"({"is_staff":false})");
}

TEST_P(BrokenGlass, IsOverAtItsTime) {
    auto opened = open();
    owner->rows("UPDATE break_glass SET expires_at = opened_at");

    EXPECT_EQ(seen(), "null");
    EXPECT_EQ(end(opened).text("/code"), "system.break_glass_over");
    EXPECT_EQ(open().status, 201);
    EXPECT_NE(seen(), "null");
}

TEST_P(BrokenGlass, ShowsNothingToWhoMayOperateNoMore) {
    auto other = operator_called("heidi");
    auto opened = by(other, "POST", "/system/break-glass/", wanted());
    auto before = by(other, "GET", place_of_job(job));

    set_rights("heidi", R"({"may_operate":false})");
    auto after = by(other, "GET", place_of_job(job));

    EXPECT_EQ(opened.status, 201) << opened.body;
    EXPECT_NE(before.text("/content"), "null");
    EXPECT_EQ(after.status, 200);
    EXPECT_EQ(after.text("/content"), "null");
    EXPECT_EQ(
        by(other, "DELETE", opened.header("Location"), "", overwrite).text("/code"),
        "accounts.may_only_look"
    );
    set_rights("heidi", R"({"is_staff":false})");
}

TEST_P(BrokenGlass, NeedsAReasonATimeAndATenantThatThereIs) {
    auto ask = [&](const std::string& body) {
        return call("POST", "/system/break-glass/", ada, body);
    };
    auto with = [&](const std::string& field) {
        return fmt::format(R"({{"tenant_id":{},{}}})", tenant, field);
    };

    auto curt = ask(with(R"("reason":"Because.")"));

    EXPECT_EQ(curt.status, 422);
    EXPECT_EQ(curt.text("/errors/0/pointer"), "/reason");
    EXPECT_EQ(ask(with(R"("reason":")" + std::string(501, 'a') + R"(")")).status, 422);
    EXPECT_EQ(ask(with(R"("minutes":60)")).status, 422);
    EXPECT_EQ(ask(wanted(R"(,"minutes":4)")).text("/errors/0/pointer"), "/minutes");
    EXPECT_EQ(ask(wanted(R"(,"minutes":241)")).status, 422);
    EXPECT_EQ(ask(fmt::format(R"({{"tenant_id":424242,"reason":"{}"}})", reason)).status, 404);
    EXPECT_EQ(call("POST", "/system/break-glass/", bob, wanted()).status, 404);
    EXPECT_EQ(call("GET", "/system/break-glass/", ada).count("/items"), 0U);
}

TEST_P(BrokenGlass, IsOpenOnce) {
    auto first = open();
    auto second = open();

    EXPECT_EQ(second.status, 409);
    EXPECT_EQ(second.text("/code"), "system.break_glass_open");
    EXPECT_EQ(end(first).status, 204);
    EXPECT_EQ(end(first).text("/code"), "system.break_glass_over");
    EXPECT_EQ(told(2), (std::vector<std::string>{"break_glass_ended", "break_glass_opened"}));
}

TEST_P(BrokenGlass, IsListedOpenAndOverPageByPage) {
    auto first = open();
    end(first);
    auto second = open();

    auto page = call("GET", "/system/break-glass/?page_size=1", ada);
    auto rest = call("GET", "/system/break-glass/?cursor=" + page.text("/next_cursor"), ada);

    EXPECT_EQ(page.text("/items/0/id"), second.text("/id")) << page.body;
    EXPECT_EQ(page.text("/items/0/ended_at"), "null");
    EXPECT_EQ(page.text("/items/0/reason"), reason);
    EXPECT_EQ(rest.count("/items"), 1U) << rest.body;
    EXPECT_EQ(rest.text("/items/0/id"), first.text("/id"));
    EXPECT_NE(rest.text("/items/0/ended_at"), "null");
    EXPECT_EQ(rest.number("/items/0/version"), 2);
    EXPECT_EQ(call("GET", "/system/audit/verify/", ada).count("/broken"), 0U);
}

}  // namespace afterresume::contract
