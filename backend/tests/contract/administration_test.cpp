#include "mailed.h"
#include "owner.h"
#include "tabs.h"

#include "app/composition.h"

namespace afterresume::contract {

namespace {

using testing::HasSubstr;
using testing::Not;

}  // namespace

// ada is the only operator; each test has people of its own.
class Administration : public TabsTest {
protected:
    struct Somebody {
        Tab tab;
        std::string email;
        std::string place;
        std::string tenant;
    };
    Somebody somebody() {
        static int number = 0;
        auto email = fmt::format("person{}@example.org", ++number);
        auto tab = sign_up(email);
        auto me = by(tab, "GET", "/api/auth/me/");
        return {
            tab, email, "/api/admin/users/" + me.text("/id") + "/",
            "/api/admin/tenants/" + me.text("/tenant_id") + "/"
        };
    }
    std::string place_of_ada() {
        return "/api/admin/users/" + call("GET", "/api/auth/me/", ada).text("/id") + "/";
    }
    Answer change(const std::string& place, const std::string& body) {
        return call("PATCH", place, ada, body, overwrite);
    }
    int signed_in(const Somebody& one) {
        forget(one.tab);
        return by(one.tab, "GET", "/api/auth/me/").status;
    }
    // Of the newest record of that act in any trail.
    Answer told(const std::string& act) {
        return call("GET", "/system/audit/?page_size=1&name=" + act, ada);
    }
};

INSTANTIATE_TEST_SUITE_P(Engines, Administration, sql::both_databases(), sql::dialect_name);

TEST_P(Administration, ListsPeopleByThePrefixOfAddressOrName) {
    auto one = somebody();

    auto found = call("GET", "/api/admin/users/?query=" + one.email, ada);
    auto by_name = call("GET", "/api/admin/users/?query=Someo&page_size=100", ada);
    auto none = call("GET", "/api/admin/users/?query=erson", ada);
    auto staff = call("GET", "/api/admin/users/?is_staff=true", ada);

    ASSERT_EQ(found.count("/items"), 1U) << found.body;
    EXPECT_EQ(found.text("/items/0/email"), one.email);
    EXPECT_EQ(found.text("/items/0/status"), "active");
    EXPECT_EQ(found.text("/items/0/may_operate"), "false");
    EXPECT_THAT(by_name.body, HasSubstr(one.email));
    EXPECT_EQ(none.count("/items"), 0U);
    EXPECT_EQ(staff.count("/items"), 1U) << staff.body;
    EXPECT_THAT(found.body, Not(HasSubstr("password")));
}

TEST_P(Administration, ListsPeopleAndTenantsPageByPage) {
    somebody();
    for (const std::string path : {"/api/admin/users/", "/api/admin/tenants/"}) {
        auto first = call("GET", path + "?page_size=1", ada);
        auto second = call("GET", path + "?page_size=1&cursor=" + first.text("/next_cursor"), ada);

        EXPECT_EQ(first.count("/items"), 1U) << first.body;
        EXPECT_EQ(second.count("/items"), 1U) << second.body;
        EXPECT_LT(first.number("/items/0/id"), second.number("/items/0/id"));
        EXPECT_EQ(call("GET", path + "?cursor=x", ada).status, 422);
    }
}

TEST_P(Administration, DeactivatesSomebodyAndLetsThemInAgainByASignInAlone) {
    auto one = somebody();

    auto off = change(one.place, R"({"status":"deactivated"})");
    auto meanwhile = signed_in(one);
    auto login = call("POST", "/api/auth/login/", nobody, login_body(one.email));
    auto listed = call("GET", "/api/admin/users/?status=deactivated&query=" + one.email, ada);
    auto on = change(one.place, R"({"status":"active"})");

    EXPECT_EQ(off.text("/status"), "deactivated") << off.body;
    EXPECT_EQ(meanwhile, 401);
    EXPECT_EQ(login.status, 401);
    EXPECT_EQ(listed.count("/items"), 1U);
    EXPECT_EQ(on.text("/status"), "active");
    EXPECT_EQ(signed_in(one), 401);
    EXPECT_EQ(by(log_in(one.email), "GET", "/api/auth/me/").status, 200);
    auto trail = by(log_in(one.email), "GET", "/api/tenant/audit/?page_size=100");
    EXPECT_THAT(trail.body, HasSubstr("account_deactivated"));
    EXPECT_THAT(trail.body, HasSubstr("account_reactivated"));
    EXPECT_THAT(told("account_reactivated").body, HasSubstr(R"("operator_id":)"));
}

TEST_P(Administration, ChangesNothingThatSomebodyElseChangedMeanwhile) {
    auto one = somebody();
    auto seen = call("GET", one.place, ada).header("ETag");
    Headers match{{"if-match", seen}};

    auto first = call("PATCH", one.place, ada, R"({"is_staff":true})", match);
    auto late = call("PATCH", one.place, ada, R"({"status":"deactivated"})", match);
    auto blind = call("PATCH", one.place, ada, R"({"status":"deactivated"})");

    EXPECT_EQ(first.status, 200) << first.body;
    EXPECT_NE(first.header("ETag"), seen);
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(blind.status, 428);
    EXPECT_EQ(call("DELETE", one.place, ada, {}, match).status, 412);
    EXPECT_EQ(signed_in(one), 200);
    change(one.place, R"({"is_staff":false})");
}

TEST_P(Administration, MakesOperatorsWhoLookAndLetsThemAct) {
    auto one = somebody();
    auto act = [&] { return by(one.tab, "POST", "/system/queues/interactive/resume/").status; };
    auto look = [&] { return by(one.tab, "GET", "/system/queues/").status; };

    EXPECT_EQ(change(one.place, R"({"may_operate":true})").status, 422);
    change(one.place, R"({"is_staff":true})");
    forget(one.tab);
    EXPECT_EQ(look(), 200);
    EXPECT_EQ(act(), 403);
    change(one.place, R"({"may_operate":true})");
    EXPECT_EQ(act(), 200);
    auto none = change(one.place, R"({"is_staff":false})");
    forget(one.tab);
    EXPECT_EQ(look(), 404);

    EXPECT_EQ(none.text("/may_operate"), "false");
    EXPECT_THAT(told("operator_changed").body, HasSubstr(R"("may_operate":false)"));
}

TEST_P(Administration, KeepsTheLastOperator) {
    auto me = place_of_ada();
    auto other = somebody();
    auto lookers = R"({"is_staff":true,"may_operate":false})";
    change(other.place, lookers);

    for (const auto* body :
         {R"({"status":"deactivated"})", R"({"is_staff":false})", R"({"may_operate":false})"})
        EXPECT_EQ(change(me, body).text("/code"), "accounts.last_operator") << body;
    EXPECT_EQ(call("DELETE", me, ada, {}, overwrite).text("/code"), "accounts.last_operator");

    change(other.place, R"({"may_operate":true})");
    forget(other.tab);
    auto given = change(me, R"({"may_operate":false})");
    auto back = by(other.tab, "PATCH", me, R"({"may_operate":true})", overwrite);
    EXPECT_EQ(given.status, 200) << given.body;
    EXPECT_EQ(back.status, 200) << back.body;
    change(other.place, R"({"is_staff":false})");
}

TEST_P(Administration, KeepsTheLastOperatorWhoDeletesTheirOwnAccount) {
    auto confirmed = fmt::format(R"({{"password":"{}"}})", password);
    auto other = somebody();
    change(other.place, R"({"is_staff":true})");

    auto refused = call("POST", "/api/auth/delete/", ada, confirmed);
    auto still = call("GET", "/api/tenant/", ada);
    change(other.place, R"({"may_operate":true})");
    forget(other.tab);
    auto gone = by(other.tab, "POST", "/api/auth/delete/", confirmed);

    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.text("/code"), "accounts.last_operator") << refused.body;
    EXPECT_EQ(still.status, 200);
    EXPECT_EQ(gone.status, 204) << gone.body;
}

TEST_P(Administration, SignsSomebodyOutOfEverything) {
    auto one = somebody();
    auto second = log_in(one.email);

    auto answer = call("POST", one.place + "sign-out/", ada);

    EXPECT_EQ(answer.status, 204) << answer.body;
    EXPECT_EQ(signed_in(one), 401);
    forget(second);
    EXPECT_EQ(by(second, "GET", "/api/auth/me/").status, 401);
    EXPECT_THAT(by(log_in(one.email), "GET", "/api/tenant/audit/").body, HasSubstr("signed_out"));
}

TEST_P(Administration, HasNoSecondFactorToRemoveOfWhoHasNone) {
    auto one = somebody();

    EXPECT_EQ(call("POST", one.place + "remove-second-factor/", ada).status, 404);
}

TEST_P(Administration, DeletesAnAccountAsItsOwnerWould) {
    auto one = somebody();

    auto gone = call("DELETE", one.place, ada, {}, overwrite);

    EXPECT_EQ(gone.status, 204) << gone.body;
    EXPECT_EQ(signed_in(one), 401);
    EXPECT_EQ(call("GET", one.place, ada).status, 404);
    EXPECT_EQ(call("DELETE", one.place, ada, {}, overwrite).status, 404);
    EXPECT_EQ(call("GET", "/api/admin/users/?query=" + one.email, ada).count("/items"), 0U);
    EXPECT_THAT(told("account_deleted").body, HasSubstr(R"("operator_id":)"));
}

TEST_P(Administration, MakesAnAccountThatWaitsForItsPassword) {
    auto body = R"({"email":"Grace@example.org","display_name":"Grace"})";

    auto made = call("POST", "/api/admin/users/", ada, body);
    auto again = call("POST", "/api/admin/users/", ada, body);
    program().work();

    EXPECT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(call("GET", made.header("Location"), ada).text("/email"), "Grace@example.org");
    EXPECT_EQ(made.text("/email_verified"), "false");
    EXPECT_EQ(again.text("/code"), "accounts.address_taken");
    EXPECT_THAT(told("account_made").body, HasSubstr(R"("operator_id":)"));
    EXPECT_EQ(told("password_forgotten").number("/items/0/user_id"), made.number("/id"));
}

TEST_P(Administration, SuspendsATenantAndLetsItGoOn) {
    auto one = somebody();

    auto off = change(one.tenant, R"({"status":"suspended"})");
    auto meanwhile = signed_in(one);
    auto listed = call("GET", "/api/admin/tenants/?status=suspended&page_size=100", ada);
    auto on = change(one.tenant, R"({"status":"active","name":"Renamed"})");

    EXPECT_EQ(off.text("/status"), "suspended") << off.body;
    EXPECT_EQ(meanwhile, 401);
    EXPECT_THAT(listed.body, HasSubstr(fmt::format(R"("id":{},)", off.number("/id"))));
    EXPECT_EQ(on.text("/name"), "Renamed");
    EXPECT_EQ(on.number("/members"), 1);
    EXPECT_EQ(signed_in(one), 200);
    auto trail = by(one.tab, "GET", "/api/tenant/audit/");
    EXPECT_EQ(trail.text("/items/0/name"), "tenant_reactivated") << trail.body;
    EXPECT_EQ(trail.number("/items/0/user_id"), call("GET", "/api/auth/me/", ada).number("/id"));
}

TEST_P(Administration, MakesATenantWhomAMailInvitesToOwn) {
    auto made = call(
        "POST", "/api/admin/tenants/", ada,
        R"({"name":"Analytical Engines","owner_email":"charles@example.org","plan":"pro"})"
    );
    auto code = mailed_code(program(), "charles@example.org", "invitation");
    auto charles = tab_of(call(
        "POST", "/api/auth/signup/", nobody,
        fmt::format(
            R"({{"email":"charles@example.org","password":"{}","display_name":"C","invitation":"{}"}})",
            password, code
        )
    ));

    EXPECT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.text("/plan"), "pro");
    EXPECT_EQ(made.number("/members"), 0);
    EXPECT_EQ(call("GET", made.header("Location"), ada).number("/members"), 1);
    auto me = by(charles, "GET", "/api/auth/me/");
    EXPECT_EQ(me.text("/tenant_id"), made.text("/id")) << me.body;
    EXPECT_EQ(me.text("/role"), "owner");
    auto trail = by(charles, "GET", "/api/tenant/audit/?page_size=100");
    for (const auto* act : {"tenant_created", "invitation_made", "invitation_redeemed"})
        EXPECT_THAT(trail.body, HasSubstr(act));
}

TEST_P(Administration, MakesATenantForWhoHasAnAccount) {
    auto one = somebody();
    auto body = R"({"name":"Second","owner_email":")" + one.email + R"("})";

    auto made = call("POST", "/api/admin/tenants/", ada, body);
    auto code = mailed_code(program(), one.email, "invitation");
    auto joined = by(one.tab, "POST", "/api/invitations/accept/", R"({"code":")" + code + R"("})");

    EXPECT_EQ(made.text("/plan"), "null") << made.body;
    EXPECT_EQ(joined.status, 200) << joined.body;
    EXPECT_EQ(joined.text("/id"), made.text("/id"));
    EXPECT_EQ(joined.text("/role"), "owner");
}

TEST_P(Administration, InvitesAnotherOwnerInPlaceOfWhoNeverCame) {
    auto made = call(
        "POST", "/api/admin/tenants/", ada,
        R"({"name":"Difference Engines","owner_email":"josef@example.org"})"
    );
    auto former = mailed_code(program(), "josef@example.org", "invitation");
    auto invite = made.header("Location") + "owner-invitation/";

    auto invited = call("POST", invite, ada, R"({"owner_email":"joseph@example.org"})");
    auto code = mailed_code(program(), "joseph@example.org", "invitation");
    auto is_usable = [&](const std::string& one) {
        return call("GET", "/api/invitations/check/?code=" + one, nobody).text("/usable");
    };
    auto usable = is_usable(former) + " " + is_usable(code);
    auto joseph = sign_up("joseph@example.org");
    auto joined = by(joseph, "POST", "/api/invitations/accept/", R"({"code":")" + code + R"("})");
    auto late = call("POST", invite, ada, R"({"owner_email":"josef@example.org"})");

    EXPECT_EQ(invited.status, 200) << invited.body;
    EXPECT_EQ(invited.text("/role"), "owner");
    EXPECT_EQ(invited.text("/email"), "joseph@example.org");
    EXPECT_THAT(invited.body, Not(HasSubstr(code)));
    EXPECT_EQ(usable, "false true");
    EXPECT_EQ(joined.text("/role"), "owner") << joined.body;
    EXPECT_EQ(late.status, 409);
    EXPECT_EQ(late.text("/code"), "tenants.has_owner") << late.body;
    EXPECT_EQ(told("invitation_revoked").text("/items/0/tenant_id"), made.text("/id"));
}

TEST_P(Administration, InvitesNoOwnerIntoATenantThatIsNotActive) {
    auto one = somebody();
    auto invite = [&] {
        auto body = R"({"owner_email":"grace@example.org"})";
        return call("POST", one.tenant + "owner-invitation/", ada, body);
    };

    auto active = invite();
    change(one.tenant, R"({"status":"suspended"})");
    auto suspended = invite();
    change(one.tenant, R"({"status":"active"})");
    call("DELETE", one.tenant, ada, {}, overwrite);
    auto going = invite();

    EXPECT_EQ(active.text("/code"), "tenants.has_owner") << active.body;
    EXPECT_EQ(suspended.text("/code"), "tenants.not_active") << suspended.body;
    EXPECT_EQ(going.text("/code"), "tenants.not_active") << going.body;
}

TEST_P(Administration, MakesNoTenantOnAPlanThatThereIsNot) {
    auto refused = call(
        "POST", "/api/admin/tenants/", ada,
        R"({"name":"Golden","owner_email":"midas@example.org","plan":"golden"})"
    );

    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.text("/errors/0/pointer"), "/plan") << refused.body;
    EXPECT_EQ(call("GET", "/api/admin/tenants/?query=Golden", ada).count("/items"), 0U);
}

TEST_P(Administration, PutsATenantOnAPlanAndGivesItFiguresOfItsOwn) {
    auto one = somebody();

    auto on = change(one.tenant, R"({"plan":"free","limits":{"members":7}})");
    auto all = call("GET", "/system/limits/", ada);
    auto renamed = change(one.tenant, R"({"name":"Renamed"})");
    auto off = change(one.tenant, R"({"plan":null,"limits":null})");

    EXPECT_EQ(on.text("/plan"), "free") << on.body;
    EXPECT_EQ(on.number("/limits/members"), 7);
    EXPECT_THAT(
        all.body, HasSubstr(fmt::format(R"("tenant_id":{},"plan":"free")", on.number("/id")))
    );
    EXPECT_EQ(renamed.text("/plan"), "free");
    EXPECT_EQ(renamed.number("/limits/members"), 7);
    EXPECT_EQ(off.text("/plan"), "null") << off.body;
    EXPECT_EQ(off.text("/limits/members"), "null");
    EXPECT_EQ(change(one.tenant, R"({"plan":"golden"})").text("/errors/0/pointer"), "/plan");
    EXPECT_EQ(change(one.tenant, R"({"limits":{"requests_at_once":0}})").status, 422);
    EXPECT_THAT(by(one.tab, "GET", "/api/tenant/audit/").body, HasSubstr("tenant_changed"));
}

TEST_P(Administration, HasATenantDeletedAfterDaysInWhichItMayStay) {
    auto one = somebody();
    auto version = call("GET", one.tenant, ada).header("ETag");

    auto going = call("DELETE", one.tenant, ada, {}, {{"if-match", version}});
    forget(one.tab);
    auto written = by(one.tab, "POST", "/api/worklogs/", R"({"content":"Too late."})");
    auto again = call("DELETE", one.tenant, ada, {}, overwrite);
    auto suspended = change(one.tenant, R"({"status":"suspended"})");
    auto kept = change(one.tenant, R"({"status":"active"})");
    forget(one.tab);

    EXPECT_EQ(going.text("/status"), "pending_deletion") << going.body;
    EXPECT_NE(going.text("/purge_at"), "null");
    EXPECT_EQ(written.status, 403);
    EXPECT_EQ(again.text("/code"), "tenants.going");
    EXPECT_EQ(suspended.text("/code"), "tenants.going");
    EXPECT_EQ(kept.text("/status"), "active") << kept.body;
    EXPECT_EQ(kept.text("/purge_at"), "null");
    EXPECT_EQ(by(one.tab, "POST", "/api/worklogs/", R"({"content":"In time."})").status, 201);
    EXPECT_THAT(by(one.tab, "GET", "/api/tenant/audit/").body, HasSubstr("tenant_restored"));
}

TEST_P(Administration, HasNoTenantBackWhoseErasureHasBegun) {
    auto one = somebody();
    auto id = call("DELETE", one.tenant, ada, {}, overwrite).text("/id");
    Owner owner(program().composition().settings);
    owner.rows("UPDATE tenant SET status = 'suspended' WHERE id = " + id);

    EXPECT_EQ(change(one.tenant, R"({"status":"active"})").text("/code"), "tenants.going");
    EXPECT_EQ(change(one.tenant, R"({"name":"Kept"})").text("/code"), "tenants.going");
    EXPECT_EQ(call("DELETE", one.tenant, ada, {}, overwrite).text("/code"), "tenants.going");
}

TEST_P(Administration, KnowsNobodyAndNoTenantThatThereIsNot) {
    for (const std::string place : {"/api/admin/users/424242/", "/api/admin/tenants/424242/"}) {
        EXPECT_EQ(call("GET", place, ada).status, 404);
        EXPECT_EQ(change(place, R"({"status":"active"})").status, 404);
        EXPECT_EQ(call("DELETE", place, ada, {}, overwrite).status, 404);
    }
    auto invite = "/api/admin/tenants/424242/owner-invitation/";
    EXPECT_EQ(call("POST", invite, ada, R"({"owner_email":"a@example.org"})").status, 404);
}

}  // namespace afterresume::contract
