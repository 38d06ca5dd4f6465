#include "engine/jobs/release.h"

#include "engine/jobs/outcomes.h"
#include "infra/sql/array_text.h"

#include <map>

namespace afterresume::jobs {

namespace {

constexpr sql::Statement note_parents{
    "jobs.note_children",
    R"sql(
    INSERT INTO job_unresolved (job_id, task, tenant_id)
    SELECT job.id, 'tell_children', job.tenant_id
    FROM unnest(CAST(:id_array AS uuid[])) AS ended(id)
    CROSS JOIN LATERAL (
        SELECT edge.parent_id FROM job_edge edge
        WHERE edge.parent_id = ended.id AND NOT edge.met LIMIT 1) parent
    JOIN job ON job.id = parent.parent_id
    WHERE job.status IS NOT NULL
    ON CONFLICT DO NOTHING)sql",
    R"sql(
    INSERT INTO job_unresolved (job_id, task, tenant_id)
    SELECT job.id, 'tell_children', job.tenant_id
    FROM json_each(:ids) AS ended JOIN job ON job.id = ended.value
    WHERE job.status IS NOT NULL
      AND EXISTS (SELECT 1 FROM job_edge AS edge WHERE edge.parent_id = job.id AND NOT edge.met)
    ON CONFLICT DO NOTHING)sql"
};

// Whoever holds a noted parent meets its edges; a child is changed under its own lock, so that no
// two parents that end at once count past each other.
constexpr sql::Statement release_on_postgres{"jobs.release", R"sql(
    WITH noted AS MATERIALIZED (
        SELECT job_id FROM job_unresolved WHERE task = 'tell_children'
        ORDER BY job_id LIMIT :limit FOR UPDATE SKIP LOCKED
    ), due AS MATERIALIZED (
        SELECT edge.parent_id, edge.child_id, child.id IS NULL AS child_ended
        FROM noted
        JOIN job parent ON parent.id = noted.job_id
        JOIN job_edge edge ON edge.parent_id = noted.job_id AND NOT edge.met
        LEFT JOIN job_hot child ON child.id = ANY (ARRAY[edge.child_id])
        WHERE parent.status = 'success' OR edge.on_failure IN ('run', 'resume') OR child.id IS NULL
        LIMIT :limit
    ), held AS MATERIALIZED (
        SELECT id FROM job_hot WHERE id = ANY (ARRAY(SELECT child_id FROM due)) FOR NO KEY UPDATE SKIP LOCKED
    ), met AS (
        UPDATE job_edge edge SET met = TRUE FROM due
        WHERE edge.parent_id = due.parent_id AND edge.child_id = due.child_id AND NOT edge.met
          AND (due.child_ended OR due.child_id IN (SELECT id FROM held))
        RETURNING edge.parent_id, edge.child_id
    ), released AS (
        UPDATE job_hot hot
        SET unmet = hot.unmet - told.count,
            state = CASE WHEN hot.unmet > told.count OR hot.state NOT IN ('blocked', 'waiting') THEN hot.state
                         WHEN hot.state = 'blocked' AND hot.run_at > :now THEN 'scheduled' ELSE 'ready' END,
            run_at = CASE WHEN hot.unmet > told.count OR hot.state NOT IN ('blocked', 'waiting') THEN hot.run_at
                          WHEN hot.state = 'blocked' THEN greatest(hot.run_at, :now) ELSE :now END
        FROM (SELECT child_id, count(*) AS count FROM met GROUP BY child_id) told
        WHERE hot.id = ANY (ARRAY[told.child_id])
    ), told_all AS (
        DELETE FROM job_unresolved done USING noted
        WHERE done.task = 'tell_children' AND done.job_id = noted.job_id
          AND NOT EXISTS (
              SELECT 1 FROM job_edge edge
              WHERE edge.parent_id = done.job_id AND NOT edge.met
                AND NOT EXISTS (SELECT 1 FROM met WHERE met.parent_id = edge.parent_id AND met.child_id = edge.child_id))
    )
    SELECT count(*) FROM met)sql"};

// Both statements mean the same edges: the first changes nothing by which they are chosen.
constexpr sql::Statement release_on_sqlite{"jobs.release", R"sql(
    UPDATE job_hot
    SET unmet = unmet - told.count,
        state = CASE WHEN unmet > told.count OR state NOT IN ('blocked', 'waiting') THEN state
                     WHEN state = 'blocked' AND run_at > :now THEN 'scheduled' ELSE 'ready' END,
        run_at = CASE WHEN unmet > told.count OR state NOT IN ('blocked', 'waiting') THEN run_at
                      WHEN state = 'blocked' THEN max(run_at, :now) ELSE :now END
    FROM (
        SELECT due.child_id, count(*) AS count
        FROM (
            SELECT edge.parent_id, edge.child_id
            FROM job_unresolved AS noted
            JOIN job AS parent ON parent.id = noted.job_id
            JOIN job_edge AS edge ON edge.parent_id = noted.job_id AND NOT edge.met
            WHERE noted.task = 'tell_children'
              AND (parent.status = 'success' OR edge.on_failure IN ('run', 'resume')
                   OR NOT EXISTS (SELECT 1 FROM job_hot AS child WHERE child.id = edge.child_id))
            ORDER BY edge.parent_id, edge.child_id LIMIT :limit
        ) AS due
        GROUP BY due.child_id
    ) AS told
    WHERE job_hot.id = told.child_id)sql"};

constexpr sql::Statement meet_on_sqlite{"jobs.meet", R"sql(
    UPDATE job_edge SET met = TRUE
    WHERE (parent_id, child_id) IN (
        SELECT edge.parent_id, edge.child_id
        FROM job_unresolved AS noted
        JOIN job AS parent ON parent.id = noted.job_id
        JOIN job_edge AS edge ON edge.parent_id = noted.job_id AND NOT edge.met
        WHERE noted.task = 'tell_children'
          AND (parent.status = 'success' OR edge.on_failure IN ('run', 'resume')
               OR NOT EXISTS (SELECT 1 FROM job_hot AS child WHERE child.id = edge.child_id))
        ORDER BY edge.parent_id, edge.child_id LIMIT :limit
    ))sql"};

constexpr sql::Statement forget_on_sqlite{
    "jobs.forget_told", R"sql(
    DELETE FROM job_unresolved
    WHERE task = 'tell_children'
      AND NOT EXISTS (SELECT 1 FROM job_edge AS edge WHERE edge.parent_id = job_id AND NOT edge.met))sql"
};

// Of the noted parents few have not succeeded: they are found first, their edges by them alone, and
// the children are locked in the order of their ids, as everybody does.
constexpr sql::Statement lock_refused{
    "jobs.lock_refused",
    R"sql(
    WITH refusing AS MATERIALIZED (
        SELECT noted.job_id
        FROM job_unresolved noted
        CROSS JOIN LATERAL (SELECT job.status FROM job WHERE job.id = noted.job_id OFFSET 0) parent
        WHERE noted.task = 'tell_children' AND parent.status IN ('failed', 'cancelled')
    ), due AS MATERIALIZED (
        SELECT edge.child_id, edge.on_failure
        FROM refusing
        JOIN job_edge edge ON edge.parent_id = ANY (ARRAY[refusing.job_id])
        WHERE NOT edge.met AND edge.on_failure IN ('fail', 'cancel')
    )
    SELECT hot.id, hot.lease_seq, due.on_failure
    FROM (SELECT * FROM due ORDER BY child_id) due
    CROSS JOIN LATERAL (
        SELECT id, lease_seq FROM job_hot WHERE id = due.child_id FOR UPDATE SKIP LOCKED) hot
    LIMIT :limit)sql",
    R"sql(
    SELECT hot.id, hot.lease_seq, edge.on_failure
    FROM job_unresolved AS noted
    JOIN job AS parent ON parent.id = noted.job_id AND parent.status IN ('failed', 'cancelled')
    JOIN job_edge AS edge ON edge.parent_id = noted.job_id AND NOT edge.met AND edge.on_failure IN ('fail', 'cancel')
    JOIN job_hot AS hot ON hot.id = edge.child_id
    WHERE noted.task = 'tell_children'
    ORDER BY hot.id LIMIT :limit)sql"
};

struct Refused {
    JobId id;
    std::int64_t lease_seq = 0;
    OnFailure on_failure = OnFailure::fail;
};
BOOST_DESCRIBE_STRUCT(Refused, (), (id, lease_seq, on_failure))

Ending ending_of(const Refused& child) {
    Fence fence{child.id, child.lease_seq};
    if (child.on_failure == OnFailure::cancel) return {fence, Status::cancelled};
    Failure failure{
        FailureKind::permanent, "job.parent_failed", "A job that this one needed did not succeed."
    };
    return {fence, Status::failed, std::nullopt, std::move(failure)};
}

Task<std::size_t> end_refused(sql::Tx& tx, std::int64_t limit, Timestamp now) {
    auto refused = co_await tx.all<Refused>(lock_refused, sql::named("limit", limit));
    std::map<JobId, Ending> endings;
    for (const auto& child : refused) {
        auto [found, fresh] = endings.try_emplace(child.id, ending_of(child));
        if (!fresh && child.on_failure == OnFailure::fail) found->second = ending_of(child);
    }
    std::vector<Ending> all;
    for (auto& [id, ending] : endings) all.push_back(std::move(ending));
    complete(tx, all, now);
    co_return all.size();
}

}  // namespace

void note_children(sql::Tx& tx, const std::vector<JobId>& ended) {
    if (tx.dialect() == sql::Dialect::postgres) {
        sql::ArrayText ids;
        for (const auto& id : ended) ids.add_plain(id.text());
        tx.defer(note_parents, sql::named("id_array", ids.text()));
    } else {
        tx.defer(note_parents, sql::named("ids", ended));
    }
}

void release(sql::Tx& tx, std::int64_t limit, Timestamp now) {
    auto most = sql::named("limit", limit);
    if (tx.dialect() == sql::Dialect::postgres) {
        tx.defer(release_on_postgres, most, sql::named("now", now));
        return;
    }
    tx.defer(release_on_sqlite, most, sql::named("now", now));
    tx.defer(meet_on_sqlite, most);
    tx.defer(forget_on_sqlite);
}

Task<std::size_t> resolve(sql::Tx& tx, std::int64_t limit, Timestamp now) {
    auto most = sql::named("limit", limit);
    auto ended = co_await end_refused(tx, limit, now);
    std::int64_t met = 0;
    if (tx.dialect() == sql::Dialect::postgres) {
        met = co_await tx.one<std::int64_t>(release_on_postgres, most, sql::named("now", now));
    } else {
        tx.defer(release_on_sqlite, most, sql::named("now", now));
        met = co_await tx.execute(meet_on_sqlite, most);
        tx.defer(forget_on_sqlite);
    }
    co_return ended + static_cast<std::size_t>(met);
}

}  // namespace afterresume::jobs
