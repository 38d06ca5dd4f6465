#include "owner.h"
#include "tabs.h"

#include "app/composition.h"

#include <set>

namespace afterresume::contract {

namespace {

// What stands for a secret, and what is found elsewhere in the document or is the machine's own.
const std::set<std::string> columns_left_out{
    "tenant_id",     "version",  "code_hash",   "mailed_hash", "token_hash",
    "password_hash", "purge_at", "last_run_at", "next_run_at", "payload",
};

}  // namespace

class Exports : public TabsTest {
protected:
    // Has one made and gives its path.
    std::string make(const Tab& tab) {
        program().work();
        auto asked = by(tab, "POST", "/api/tenant/export/");
        EXPECT_EQ(asked.status, 202) << asked.body;
        program().work();
        auto listed = by(tab, "GET", "/api/tenant/exports/");
        return fmt::format("/api/tenant/exports/{}/content/", listed.number("/items/0/id"));
    }
    void age_exports() {
        Owner owner(program().composition().settings);
        owner.rows("UPDATE tenant_export SET expires_at = created_at");
    }
};

INSTANTIATE_TEST_SUITE_P(Engines, Exports, sql::both_databases(), sql::dialect_name);

TEST_P(Exports, HoldWhatEverybodyWroteThereAndNobodyElse) {
    auto owner = sign_up("exporter@example.org");
    by(owner, "POST", "/api/worklogs/",
       R"({"content":"Tuned \"PostgreSQL\".","tags":["database"]})");
    for (int i = 0; i < 120; ++i)
        by(owner, "POST", "/api/worklogs/",
           fmt::format(R"({{"content":"Entry {} {}"}})", i, std::string(5'000, 'x')));
    by(owner, "POST", "/api/auth/tokens/", R"({"name":"script","scopes":["read"]})");
    call("POST", "/api/worklogs/", ada, R"({"content":"Of another tenant."})");

    auto path = make(owner);
    auto listed = by(owner, "GET", "/api/tenant/exports/");
    auto taken = by(owner, "GET", path);

    ASSERT_EQ(taken.status, 200) << taken.body.substr(0, 300);
    EXPECT_EQ(taken.text("/format"), "afterresume.tenant_export");
    EXPECT_EQ(taken.count("/tables/worklog"), 121U);
    EXPECT_EQ(taken.text("/tables/worklog/0/content"), "Tuned \"PostgreSQL\".");
    EXPECT_EQ(taken.text("/tables/worklog/0/tags/0"), "database");
    EXPECT_EQ(taken.text("/tables/membership/0/email"), "exporter@example.org");
    EXPECT_GT(taken.count("/tables/skill"), 0U);
    EXPECT_EQ(listed.number("/items/0/bytes"), static_cast<std::int64_t>(taken.body.size()));
    EXPECT_THAT(taken.header("Content-Disposition"), testing::HasSubstr("attachment"));
    for (auto* word : {"Of another tenant.", "hash", "script"})
        EXPECT_THAT(taken.body, testing::Not(testing::HasSubstr(word)));
    auto audit = by(owner, "GET", "/api/tenant/audit/?page_size=2");
    EXPECT_EQ(audit.text("/items/0/name"), "export_downloaded");
    EXPECT_EQ(audit.text("/items/1/name"), "tenant_exported");
}

TEST_P(Exports, SayOfEachTableAndColumnWhetherTheyHoldIt) {
    program().furnish();
    call("PATCH", "/api/worklogs/{ada.entry}/", ada, R"({"title":"Edited"})", overwrite);
    program().work();
    call("POST", "/api/tenant/export/", ada);
    program().work();
    auto listed = call("GET", "/api/tenant/exports/", ada);
    auto id = listed.number("/items/0/id");
    auto taken = call("GET", fmt::format("/api/tenant/exports/{}/content/", id), ada);
    std::set<std::string> told;
    for (const auto& table : exports::exported_tables()) told.emplace(table.name);
    auto exported = told;
    for (auto name : exports::tables_not_exported()) told.emplace(name);

    Owner schema(program().composition().settings);
    for (const auto& [table, columns] : schema.tables_with("tenant_id")) {
        EXPECT_TRUE(told.contains(table)) << table;
        if (!exported.contains(table)) continue;
        ASSERT_GT(taken.count("/tables/" + table), 0U) << table;
        auto row = taken.at("/tables/" + table + "/0");
        for (const auto& column : columns) {
            if (!columns_left_out.contains(column.name))
                EXPECT_TRUE(row.as_object().contains(column.name)) << table << "." << column.name;
        }
    }
}

TEST_P(Exports, AreForOwnersAloneUntilTheyExpire) {
    auto owner = sign_up("keeper-of-exports@example.org");
    auto path = make(owner);
    auto other = sign_up("stranger-to-exports@example.org");

    auto by_reader = call("POST", "/api/tenant/export/", carol);
    auto by_other = by(other, "GET", path);
    auto first = by(owner, "GET", path);
    auto next = make(owner);
    auto former = by(owner, "GET", path);
    age_exports();

    EXPECT_EQ(by_reader.status, 403);
    EXPECT_EQ(by_other.status, 404);
    EXPECT_EQ(first.status, 200);
    EXPECT_NE(next, path);
    EXPECT_EQ(former.status, 404);
    EXPECT_EQ(by(owner, "GET", next).status, 404);
    EXPECT_EQ(by(owner, "GET", "/api/tenant/exports/").count("/items"), 0U);
}

TEST_P(Exports, LieSealedInTheDatabase) {
    auto owner = sign_up("sealed@example.org");
    by(owner, "POST", "/api/worklogs/", R"({"content":"Nobody reads this in a backup."})");
    make(owner);

    Owner database(program().composition().settings);
    auto* readable = GetParam() == sql::Dialect::sqlite ? "instr(data, CAST('backup' AS BLOB)) > 0"
                                                        : "position('backup'::bytea IN data) > 0";

    EXPECT_GT(database.count("tenant_export_chunk", "TRUE"), 0);
    EXPECT_EQ(database.count("tenant_export_chunk", readable), 0);
}

TEST_P(Exports, StandOnSchedulesOfOwners) {
    auto owner = sign_up("scheduler-of-exports@example.org");
    auto body = R"({"name":"Copies","job_type":"tenant.export","cron":"@weekly"})";

    auto made = by(owner, "POST", "/api/schedules/", body);

    EXPECT_EQ(made.status, 201) << made.body;
}

}  // namespace afterresume::contract
