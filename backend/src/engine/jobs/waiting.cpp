#include "engine/jobs/waiting.h"

#include "engine/jobs/edges.h"
#include "engine/jobs/outcomes.h"
#include "engine/jobs/steps.h"
#include "engine/jobs/timeline.h"

namespace afterresume::jobs {

namespace {

using std::chrono::sys_days;
using std::chrono::year;

// Nothing but a call or the end of a job ends such a wait.
const Timestamp for_good{sys_days(year(9999) / 12 / 31)};

void step_aside(
    sql::Tx& tx, const Fence& fence, std::string sentence, JsonObject data, Timestamp until,
    Timestamp now
) {
    data["event"] = "waiting";
    NewEvent event{now, Level::info, Source::workflow, std::move(sentence), std::move(data)};
    write_outcomes(
        tx, {}, {Return{fence, Counted::nothing, State::waiting, until, std::move(event)}}, now
    );
}

}  // namespace

void wait_until(sql::Tx& tx, const Fence& fence, Timestamp time, Timestamp now) {
    step_aside(tx, fence, "Waits for its time", {{"until", to_text(time)}}, time, now);
}

void wait_for_made(
    sql::Tx& tx, const Fence& fence, TenantId tenant, const std::vector<JobId>& made, Timestamp now
) {
    static constexpr sql::Statement count{"jobs.count_made", R"sql(
        UPDATE job_hot SET unmet = unmet + :made WHERE id = :id AND tenant_id = :tenant_id)sql"};
    static constexpr sql::Statement go_on{"jobs.go_on", R"sql(
        UPDATE job_hot SET state = 'ready', run_at = :now
        WHERE id = :id AND tenant_id = :tenant_id AND state = 'waiting' AND unmet = 0)sql"};
    std::vector<Edge> edges;
    for (const auto& parent : made) edges.push_back({parent, fence.id, OnFailure::resume, false});
    insert_edges(tx, tenant, edges);
    tx.defer(
        count, sql::named("made", edges.size()), sql::named("id", fence.id),
        sql::named("tenant_id", tenant)
    );
    step_aside(tx, fence, "Waits for other jobs", {{"jobs", made.size()}}, for_good, now);
    tx.defer(
        go_on, sql::named("id", fence.id), sql::named("tenant_id", tenant), sql::named("now", now)
    );
}

void wait_for_call(
    sql::Tx& tx, const Fence& fence, std::string_view name, Timestamp until, Timestamp now
) {
    step_aside(
        tx, fence, "Waits to be called back", {{"name", name}, {"until", to_text(until)}}, until,
        now
    );
}

Task<std::vector<Ended>> list_ends(sql::Tx& tx, TenantId tenant, std::vector<JobId> ids) {
    static constexpr sql::Statement statement{
        "jobs.list_ends",
        R"sql(
        SELECT job.id, job.status, job.result, job.error
        FROM jsonb_array_elements_text(:ids) WITH ORDINALITY AS asked(id, place)
        JOIN job ON job.id = CAST(asked.id AS uuid)
        WHERE job.tenant_id = :tenant_id ORDER BY asked.place)sql",
        R"sql(
        SELECT job.id, job.status, job.result, job.error
        FROM json_each(:ids) AS asked JOIN job ON job.id = asked.value
        WHERE job.tenant_id = :tenant_id ORDER BY asked.key)sql"
    };
    return tx.all<Ended>(statement, sql::named("ids", ids), sql::named("tenant_id", tenant));
}

Task<bool> call_back(
    sql::Tx& tx, TenantId tenant, JobId job, std::string name, std::string answer,
    const PayloadSeal& seal, Doorbell& doorbell, Timestamp now
) {
    static constexpr sql::Statement lock{
        "jobs.lock_called", R"sql(
        SELECT generation FROM job_hot WHERE id = :id AND tenant_id = :tenant_id FOR NO KEY UPDATE)sql"
    };
    static constexpr sql::Statement wake{"jobs.wake", R"sql(
        UPDATE job_hot
        SET state = CASE WHEN state = 'waiting' AND unmet = 0 THEN 'ready' ELSE state END,
            run_at = CASE WHEN state = 'waiting' AND unmet = 0 THEN :now ELSE run_at END,
            event_seq = (SELECT max(seq) FROM job_event WHERE job_id = :id)
        WHERE id = :id AND tenant_id = :tenant_id)sql"};
    auto generation = co_await tx.find<std::int64_t>(
        lock, sql::named("id", job), sql::named("tenant_id", tenant)
    );
    if (!generation) co_return false;
    auto called = co_await find_step(tx, tenant, job, *generation, name, {});
    if (called) co_return false;
    auto kept = seal.seal(tenant, job, std::move(answer), step_part(name));
    keep_step(tx, tenant, job, *generation, Step{name, {}, std::move(kept), 0, now, now, 0});
    append_event(
        tx, tenant, job,
        {now, Level::info, Source::system, "Called back", {{"event", "called_back"}, {"name", name}}
        }
    );
    tx.defer(wake, sql::named("id", job), sql::named("tenant_id", tenant), sql::named("now", now));
    tx.after_commit([&doorbell] { doorbell.ring(); });
    co_return true;
}

}  // namespace afterresume::jobs
