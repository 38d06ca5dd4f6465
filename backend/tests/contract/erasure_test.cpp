#include "owner.h"
#include "tabs.h"

#include "app/composition.h"
#include "core/scope_mint.h"

#include <set>

namespace afterresume::contract {

namespace {

// Two tenants that nobody signed up for.
constexpr std::int64_t going = 700'001;
constexpr std::int64_t staying = 700'002;

// What stays of a tenant: the trail, whose payloads are emptied, and what operators did.
const std::set<std::string> kept{"auth_event", "audit_seal", "audit_pending", "operator_act"};

// Of columns that take few values.
const std::map<std::string, std::string> known{
    {"status", "'active'"}, {"state", "'scheduled'"},    {"on_failure", "'fail'"},
    {"missed", "'skip'"},   {"overlap", "'skip'"},       {"outcome", "'missed'"},
    {"enabled", "FALSE"},   {"task", "'tell_children'"}, {"cancel_requested", "FALSE"},
    {"unmet", "0"},
};

std::string literal(const Column& column, std::int64_t number) {
    auto found = known.find(column.name);
    auto is_text = column.type == "text" || column.type == "TEXT";
    if (found != known.end() && found->second.starts_with("'") == is_text) return found->second;
    auto ends_with_id = column.name == "id" || column.name.ends_with("_id");
    const auto& type = column.type;
    // Not due, so that no worker touches it.
    if (column.name == "run_at")
        return type == "INTEGER" ? "4102444800000" : "'2100-01-01T00:00:00Z'";
    if (type == "uuid" || (type == "TEXT" && ends_with_id))
        return fmt::format("'01a1ff82-947a-707a-8e8a-{:012}'", number);
    if (type == "boolean") return "TRUE";
    if (type == "timestamp with time zone") return "'2026-01-01T00:00:00Z'";
    if (type == "date") return "'2026-01-01'";
    if (type == "jsonb") return "'{}'";
    if (type == "bytea") return fmt::format("'x{}'", number);
    if (type == "BLOB") return fmt::format("CAST('x{}' AS BLOB)", number);
    if (type == "double precision" || type == "REAL") return "1.0";
    if (type == "text" || type == "TEXT" || type == "tsvector") return fmt::format("'x{}'", number);
    return std::to_string(ends_with_id ? number : 1);
}

}  // namespace

// A program of its own for each test: an erasure reaches everything.
class Erasure : public TabsTest {
protected:
    void SetUp() override {
        TabsTest::SetUp();
        if (!IsSkipped()) owner = std::make_unique<Owner>(parts().settings);
    }
    // The engine promises nothing of rows that it did not make.
    void TearDown() override {
        owner.reset();
        close_programs();
    }
    app::Composition& parts() { return program().composition(); }

    // A row in each table that has a tenant.
    void fill(std::int64_t tenant) {
        for (const auto& [table, columns] : owner->tables_with("tenant_id")) {
            if (kept.contains(table) || table == "erasure") continue;
            std::map<std::string, std::string> row;
            for (const auto& column : columns) {
                if (column.name == "tenant_id" || (table == "tenant" && column.name == "id")) {
                    row[column.name] = std::to_string(tenant);
                } else if (!column.may_be_null) {
                    row[column.name] = literal(column, tenant * 1000);
                }
            }
            owner->insert(table, row);
        }
        if (GetParam() == sql::Dialect::sqlite)
            owner->insert(
                "worklog_fts", {{"rowid", std::to_string(tenant * 1000)}, {"words", "'x'"}}
            );
    }
    void plan(std::int64_t tenant, UserId of = UserId{0}) {
        program().run(planned(scope_of(tenant), of));
    }
    Task<bool> planned(Scope scope, UserId of) {
        auto tx = parts().database->begin(scope, sql::Access::write);
        co_await parts().erasures.plan(*tx, scope, of, parts().clock.now());
        co_await tx->commit();
        co_return true;
    }
    static Scope scope_of(std::int64_t tenant) {
        Identity identity;
        identity.tenant = TenantId{tenant};
        return ScopeMint::mint(identity);
    }
    // As one that is killed after so many tables.
    Task<bool> begun(Scope scope, std::size_t tables) {
        auto tx = parts().database->begin(scope, sql::Access::write);
        auto is_planned = co_await parts().erasures.begin(*tx, scope);
        for (std::size_t table = 0; table < tables; ++table)
            co_await parts().erasures.remove(*tx, scope, table, 1);
        co_await tx->commit();
        co_return is_planned;
    }
    void purge() {
        program().run(asked());
        program().work();
    }
    Task<bool> asked() {
        auto tx = parts().database->begin_engine(sql::Access::write);
        jobs::Origin program_itself{TenantId{0}, UserId{0}, jobs::Trigger::schedule};
        co_await parts().queue.enqueue(*tx, program_itself, {"tenant.purge"});
        co_await tx->commit();
        co_return true;
    }

    // As if the pause of what waits had long been over: the program's clock counts milliseconds,
    // and the database's "now" is ahead of it by up to one.
    void go_on() {
        auto past = GetParam() == sql::Dialect::sqlite ? "0" : "now() - interval '1 minute'";
        owner->rows(fmt::format("UPDATE job_hot SET run_at = {} WHERE state = 'waiting'", past));
        program().work();
    }

    // By table, the rows of a tenant as text.
    std::map<std::string, std::vector<std::vector<std::string>>> rows_of(std::int64_t tenant) {
        std::map<std::string, std::vector<std::vector<std::string>>> all;
        for (const auto& [table, columns] : owner->tables_with("tenant_id")) {
            auto rows =
                owner->rows(fmt::format("SELECT * FROM {} WHERE tenant_id = {}", table, tenant));
            if (!rows.empty() && !kept.contains(table)) all[table] = rows;
        }
        if (GetParam() == sql::Dialect::sqlite) {
            auto rows = owner->rows(
                fmt::format("SELECT words FROM worklog_fts WHERE rowid / 1000 = {}", tenant)
            );
            if (!rows.empty()) all["worklog_fts"] = rows;
        }
        return all;
    }

    std::unique_ptr<Owner> owner;
};

INSTANTIATE_TEST_SUITE_P(Engines, Erasure, sql::both_databases(), sql::dialect_name);

TEST_P(Erasure, LeavesNoRowOfATenantInAnyTableAndTouchesNoOther) {
    fill(going);
    fill(staying);
    auto before = rows_of(staying);
    plan(going);

    purge();

    auto after = rows_of(staying);
    // Whoever works releases what these tell of.
    for (auto* rows : {&before, &after}) {
        rows->erase("job_unresolved");
        rows->erase("job_edge");
    }
    EXPECT_THAT(rows_of(going), testing::IsEmpty());
    EXPECT_EQ(after, before);
    EXPECT_GT(before.size(), 25U);
}

TEST_P(Erasure, TakesTheKeysOfWhoGoesAndLeavesThoseOfOthers) {
    fill(staying);
    auto user = staying * 1000;
    owner->insert(
        "job_key", {{"tenant_id", std::to_string(staying)},
                    {"type", "'x'"},
                    {"unique_key", "'of another'"},
                    {"user_id", std::to_string(user + 1)},
                    {"job_id", "'01a1ff82-947a-707a-8e8a-000000000001'"},
                    {"until", GetParam() == sql::Dialect::sqlite ? "1" : "'2026-01-01T00:00:00Z'"},
                    {"counted", "'[]'"}}
    );
    auto keys = [&] { return owner->count("job_key", fmt::format("tenant_id = {}", staying)); };
    auto before = keys();
    plan(staying, UserId{user});

    purge();

    EXPECT_EQ(before, 2);
    EXPECT_EQ(keys(), 1);
    EXPECT_EQ(owner->count("job_key", fmt::format("user_id = {}", user)), 0);
}

TEST_P(Erasure, GoesOnWhereItWasKilled) {
    fill(going);
    plan(going);
    auto is_planned = program().run(begun(scope_of(going), 9));
    auto left = rows_of(going).size();

    purge();

    EXPECT_TRUE(is_planned);
    EXPECT_GT(left, 10U);
    EXPECT_THAT(rows_of(going), testing::IsEmpty());
}

TEST_P(Erasure, WaitsForTheTimeThatWasPlanned) {
    fill(going);

    purge();

    EXPECT_GT(rows_of(going).size(), 25U);
    EXPECT_FALSE(program().run(begun(scope_of(going), 0)));
}

TEST_P(Erasure, EmptiesTheTrailOnceItIsSealedAndTheChainHolds) {
    auto tab = sign_up("gone@example.org");
    auto tenant = by(tab, "GET", "/api/tenant/").number("/id");
    plan(tenant);
    auto full = fmt::format("tenant_id = {} AND (user_agent <> '' OR address <> '')", tenant);
    ASSERT_GT(owner->count("auth_event", full), 0);

    purge();
    auto too_early = rows_of(tenant).count("tenant");
    program().run(parts().sealer.seal_all());
    go_on();
    program().run(parts().sealer.seal_all());

    EXPECT_EQ(too_early, 1U);
    EXPECT_THAT(rows_of(tenant), testing::IsEmpty());
    EXPECT_EQ(owner->count("auth_event", full), 0);
    auto trail = call("GET", "/system/audit/verify/", ada);
    EXPECT_EQ(trail.count("/broken"), 0U) << trail.body;
    EXPECT_EQ(
        owner->count(
            "auth_event", fmt::format("tenant_id = {} AND name = 'tenant_purged'", tenant)
        ),
        1
    );
}

}  // namespace afterresume::contract
