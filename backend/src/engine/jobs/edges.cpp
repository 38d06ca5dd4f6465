#include "engine/jobs/edges.h"

#include "core/describe/writer.h"

#include <set>

namespace afterresume::jobs {

namespace {

// Who holds this lock keeps the job from ending, and nothing else.
constexpr sql::Statement keep_unfinished{
    "jobs.keep_unfinished",
    R"sql(
    SELECT id FROM job_hot
    WHERE id = ANY (ARRAY(SELECT CAST(value AS uuid) FROM jsonb_array_elements_text(:ids))) AND tenant_id = :tenant_id
    ORDER BY id FOR KEY SHARE)sql",
    R"sql(
    SELECT id FROM job_hot WHERE id IN (SELECT value FROM json_each(:ids)) AND tenant_id = :tenant_id)sql"
};

constexpr sql::Statement read_parents{
    "jobs.read_parents",
    R"sql(
    SELECT id, status, root_id FROM job
    WHERE id = ANY (ARRAY(SELECT CAST(value AS uuid) FROM jsonb_array_elements_text(:ids))) AND tenant_id = :tenant_id)sql",
    R"sql(
    SELECT id, status, root_id FROM job WHERE id IN (SELECT value FROM json_each(:ids)) AND tenant_id = :tenant_id)sql"
};

struct Parent {
    JobId id;
    std::optional<Status> status;
    std::optional<JobId> root_id;
};
BOOST_DESCRIBE_STRUCT(Parent, (), (id, status, root_id))

constexpr sql::Statement note_parent{"jobs.note_parent", R"sql(
    INSERT INTO job_unresolved (job_id, task, tenant_id) VALUES (:id, 'tell_children', :tenant_id)
    ON CONFLICT DO NOTHING)sql"};

// Every parent, either kept from ending or read as ended. One may begin anew between the two looks.
Task<std::vector<Parent>> look_at(sql::Tx& tx, TenantId tenant, std::vector<JobId> ids) {
    for (int tries = 0; tries < 8; ++tries) {
        auto kept = co_await tx.all<Uuid>(
            keep_unfinished, sql::named("ids", ids), sql::named("tenant_id", tenant)
        );
        auto parents = co_await tx.all<Parent>(
            read_parents, sql::named("ids", ids), sql::named("tenant_id", tenant)
        );
        std::set<JobId> unfinished(kept.begin(), kept.end());
        bool moved = false;
        for (const auto& parent : parents)
            moved = moved || parent.status.has_value() == unfinished.contains(parent.id);
        if (!moved) co_return parents;
    }
    throw Error(
        ErrorKind::unavailable, "jobs.parents_busy", "Too much is going on at once; try again."
    );
}

bool meets(const Parent& parent, OnFailure on_failure) {
    if (!parent.status) return false;
    return *parent.status == Status::success || on_failure == OnFailure::run;
}

}  // namespace

Task<Linked> link(sql::Tx& tx, TenantId tenant, JobId child, std::vector<After> after) {
    std::vector<JobId> ids;
    for (const auto& one : after) ids.push_back(one.job);
    auto parents = co_await look_at(tx, tenant, ids);
    Linked linked;
    std::vector<Edge> edges;
    for (const auto& one : after) {
        auto found = std::ranges::find(parents, one.job, &Parent::id);
        if (found == parents.end()) throw Error::not_found("job");
        auto met = meets(*found, one.on_failure);
        edges.push_back({one.job, child, one.on_failure, met});
        if (!met) ++linked.unmet;
        // It has ended badly already: whoever resolves this ends the child too.
        if (!met && found->status) {
            tx.defer(note_parent, sql::named("id", one.job), sql::named("tenant_id", tenant));
        }
        if (!linked.root) linked.root = found->root_id ? found->root_id : found->id;
    }
    insert_edges(tx, tenant, edges);
    co_return linked;
}

void insert_edges(sql::Tx& tx, TenantId tenant, const std::vector<Edge>& edges) {
    static constexpr sql::Statement statement{
        "jobs.insert_edges",
        R"sql(
        INSERT INTO job_edge (parent_id, child_id, tenant_id, on_failure, met)
        SELECT parent_id, child_id, :tenant_id, on_failure, met
        FROM jsonb_to_recordset(:edges) AS new(parent_id uuid, child_id uuid, on_failure text, met boolean))sql",
        R"sql(
        INSERT INTO job_edge (parent_id, child_id, tenant_id, on_failure, met)
        SELECT value ->> '$.parent_id', value ->> '$.child_id', :tenant_id, value ->> '$.on_failure', value ->> '$.met'
        FROM json_each(:edges))sql"
    };
    if (edges.empty()) return;
    tx.defer(statement, sql::named("tenant_id", tenant), sql::named("edges", edges));
}

Task<void> link_again(sql::Tx& tx, TenantId tenant, JobId child) {
    static constexpr sql::Statement list{"jobs.list_unmet", R"sql(
        SELECT parent_id, child_id, on_failure, met FROM job_edge
        WHERE child_id = :id AND tenant_id = :tenant_id AND NOT met)sql"};
    // What the earlier generation waited for in its run, and what has ended, is waited for no more.
    static constexpr sql::Statement let_go{
        "jobs.let_go", R"sql(
        UPDATE job_edge SET met = TRUE
        WHERE child_id = :id AND tenant_id = :tenant_id AND NOT met
          AND (on_failure = 'resume'
               OR NOT EXISTS (SELECT 1 FROM job_hot parent WHERE parent.id = job_edge.parent_id)))sql"
    };
    static constexpr sql::Statement block{"jobs.block", R"sql(
        UPDATE job_hot
        SET state = 'blocked',
            unmet = (SELECT count(*) FROM job_edge edge WHERE edge.child_id = :id AND NOT edge.met)
        WHERE id = :id AND tenant_id = :tenant_id
          AND EXISTS (SELECT 1 FROM job_edge edge WHERE edge.child_id = :id AND NOT edge.met))sql"};
    auto unmet =
        co_await tx.all<Edge>(list, sql::named("id", child), sql::named("tenant_id", tenant));
    if (unmet.empty()) co_return;
    std::vector<JobId> parents;
    for (const auto& edge : unmet) parents.push_back(edge.parent_id);
    co_await tx.all<Uuid>(
        keep_unfinished, sql::named("ids", parents), sql::named("tenant_id", tenant)
    );
    tx.defer(let_go, sql::named("id", child), sql::named("tenant_id", tenant));
    tx.defer(block, sql::named("id", child), sql::named("tenant_id", tenant));
}

}  // namespace afterresume::jobs
