#include "engine/jobs/operation.h"

#include "engine/jobs/control.h"
#include "engine/jobs/id_time.h"
#include "engine/jobs/inspection.h"

namespace afterresume::jobs {

namespace {

// One statement reads all jobs, the other only those that have not ended, of which there are few.
constexpr sql::Statement list_all{"jobs.list_all", R"sql(
    SELECT job.id, job.tenant_id, job.user_id, job.type, job.triggered_by AS trigger, job.queue, job.priority,
           job.max_attempts, job.deadline, job.created_at, job.finished_at, job.parent_id, job.root_id, job.batch_id,
           job.trace_id, job.correlation_id, job.cost, job.estimated_cost, job.error ->> 'kind' AS error_kind,
           job.error ->> 'code' AS error_code,
           coalesce(job.status, CASE WHEN hot.state = 'running' THEN 'running' ELSE 'queued' END) AS status, hot.state,
           coalesce(hot.generation, job.generation) AS generation, coalesce(hot.attempts, job.attempts) AS attempts,
           coalesce(hot.started_at, job.started_at) AS started_at, coalesce(hot.rescues, 0) AS rescues,
           coalesce(hot.unmet, 0) AS unmet, coalesce(hot.cancel_requested, FALSE) AS cancel_requested,
           hot.worker_id, hot.run_at
    FROM job LEFT JOIN job_hot hot ON hot.id = job.id
    WHERE job.id < :before AND job.id >= :from
      AND (CAST(:tenant AS bigint) IS NULL OR job.tenant_id = :tenant)
      AND (CAST(:type AS text) IS NULL OR job.type = :type)
      AND (CAST(:queue AS text) IS NULL OR job.queue = :queue)
      AND (CAST(:status AS text) IS NULL OR job.status = :status)
      AND (CAST(:code AS text) IS NULL OR job.error ->> 'code' = :code)
    ORDER BY job.id DESC LIMIT :limit)sql"};

constexpr sql::Statement list_unfinished{"jobs.list_unfinished", R"sql(
    SELECT job.id, job.tenant_id, job.user_id, job.type, job.triggered_by AS trigger, job.queue, job.priority,
           job.max_attempts, job.deadline, job.created_at, job.finished_at, job.parent_id, job.root_id, job.batch_id,
           job.trace_id, job.correlation_id, job.cost, job.estimated_cost, NULL AS error_kind, NULL AS error_code,
           CASE WHEN hot.state = 'running' THEN 'running' ELSE 'queued' END AS status, hot.state, hot.generation,
           hot.attempts, hot.started_at, hot.rescues, hot.unmet, hot.cancel_requested, hot.worker_id, hot.run_at
    FROM job_hot hot JOIN job ON job.id = hot.id
    WHERE hot.id < :before AND hot.id >= :from
      AND (CAST(:tenant AS bigint) IS NULL OR hot.tenant_id = :tenant)
      AND (CAST(:type AS text) IS NULL OR hot.type = :type)
      AND (CAST(:queue AS text) IS NULL OR hot.queue = :queue)
      AND (CAST(:state AS text) IS NULL OR hot.state = :state)
      AND (CAST(:status AS text) IS NULL OR CASE WHEN hot.state = 'running' THEN 'running' ELSE 'queued' END = :status)
      AND CAST(:code AS text) IS NULL
    ORDER BY hot.id DESC LIMIT :limit)sql"};

constexpr sql::Statement get_one{"jobs.get_any", R"sql(
    SELECT job.id, job.tenant_id, job.user_id, job.type, job.triggered_by AS trigger, job.queue, job.priority,
           job.max_attempts, job.deadline, job.created_at, job.finished_at, job.parent_id, job.root_id, job.batch_id,
           job.trace_id, job.correlation_id, job.estimated_cost, job.error ->> 'kind' AS error_kind,
           job.error ->> 'code' AS error_code,
           CASE WHEN job.status IS NOT NULL THEN job.cost
                ELSE (SELECT coalesce(sum(step.cost), 0) FROM job_step step WHERE step.job_id = job.id) END AS cost,
           coalesce(job.status, CASE WHEN hot.state = 'running' THEN 'running' ELSE 'queued' END) AS status, hot.state,
           coalesce(hot.generation, job.generation) AS generation, coalesce(hot.attempts, job.attempts) AS attempts,
           coalesce(hot.started_at, job.started_at) AS started_at, coalesce(hot.rescues, 0) AS rescues,
           coalesce(hot.unmet, 0) AS unmet, coalesce(hot.cancel_requested, FALSE) AS cancel_requested,
           hot.worker_id, hot.run_at
    FROM job LEFT JOIN job_hot hot ON hot.id = job.id
    WHERE job.id = :id)sql"};

Task<Requester> requester_of(sql::Tx& tx, JobId id) {
    static constexpr sql::Statement statement{
        "jobs.requester_of", "SELECT tenant_id, user_id FROM job WHERE id = :id"
    };
    auto found = co_await tx.find<Requester>(statement, sql::named("id", id));
    if (!found) throw Error::not_found("job");
    co_return *found;
}

// What says how it went; messages and whatever else was given with them stay with their owner.
OperatedEvent without_text(const EventView& event) {
    auto text = [&](std::string_view name) -> std::optional<std::string> {
        const auto* found = event.data.if_contains(name);
        if (found == nullptr || !found->is_string()) return std::nullopt;
        return std::string(found->as_string());
    };
    auto number = [&](std::string_view name) -> std::optional<std::int64_t> {
        const auto* found = event.data.if_contains(name);
        if (found == nullptr || !found->is_int64()) return std::nullopt;
        return found->as_int64();
    };
    return {event.seq,    event.timestamp,   event.level,  event.source,         text("event"),
            text("step"), number("attempt"), text("code"), number("duration_ms")};
}

}  // namespace

Task<Page<OperatedJob>> list_all_jobs(sql::Tx& tx, OperationFilter filter) {
    auto size = std::clamp<std::int64_t>(filter.page_size, 1, largest_page_size);
    auto unfinished =
        filter.state || filter.status == Status::queued || filter.status == Status::running;
    auto before = place_of(filter.cursor);
    if (filter.to) before = std::min(before, least_id(*filter.to));
    auto rows = co_await tx.all<OperatedJob>(
        unfinished ? list_unfinished : list_all, sql::named("before", before),
        sql::named("from", filter.from ? least_id(*filter.from) : JobId{}),
        sql::named("state", filter.state), sql::named("tenant", filter.tenant),
        sql::named("type", filter.type), sql::named("queue", filter.queue),
        sql::named("status", filter.status), sql::named("code", filter.code),
        sql::named("limit", size + 1)
    );
    co_return cut_page(std::move(rows), size, [](const OperatedJob& last) {
        return last.id.text();
    });
}

Task<std::vector<JobId>> select_any(
    sql::Tx& tx, OperationFilter filter, std::vector<Status> statuses, std::int64_t most
) {
    static constexpr sql::Statement statement{"jobs.select_any", R"sql(
        SELECT job.id FROM job LEFT JOIN job_hot hot ON hot.id = job.id
        WHERE (CAST(:tenant AS bigint) IS NULL OR job.tenant_id = :tenant)
          AND (CAST(:type AS text) IS NULL OR job.type = :type)
          AND (CAST(:queue AS text) IS NULL OR job.queue = :queue)
          AND (CAST(:code AS text) IS NULL OR job.error ->> 'code' = :code)
          AND coalesce(job.status, CASE WHEN hot.state = 'running' THEN 'running' ELSE 'queued' END)
              IN (:status, :or_status)
        ORDER BY job.id LIMIT :limit)sql"};
    return tx.all<JobId>(
        statement, sql::named("tenant", filter.tenant), sql::named("type", filter.type),
        sql::named("queue", filter.queue), sql::named("code", filter.code),
        sql::named("status", statuses.front()), sql::named("or_status", statuses.back()),
        sql::named("limit", most)
    );
}

Task<OperatedJob> get_any_job(sql::Tx& tx, JobId id) {
    auto found = co_await tx.find<OperatedJob>(get_one, sql::named("id", id));
    if (!found) throw Error::not_found("job");
    co_return std::move(*found);
}

Task<std::vector<StepView>> list_any_steps(
    sql::Tx& tx, const JobTypes& types, const OperatedJob& job
) {
    StepsOf whose{job.tenant_id, job.id, job.generation, job.type, job.status};
    return view_steps(tx, types, std::move(whose));
}

Task<std::vector<OperatedEvent>> list_any_events(
    sql::Tx& tx, JobId id, std::int64_t after, std::int64_t limit
) {
    auto known = co_await find_milestones(tx, id);
    if (!known) throw Error::not_found("job");
    auto told = co_await read_timeline(tx, id, std::move(*known), after, limit);
    std::vector<OperatedEvent> events;
    for (const auto& event : told.events) events.push_back(without_text(event));
    co_return events;
}

Task<std::vector<OperatedWorker>> list_workers(sql::Tx& tx) {
    static constexpr sql::Statement statement{"jobs.list_workers", R"sql(
        SELECT worker.id, worker.started_at, worker.lease_until, worker.draining, worker.died_at, worker.version, worker.info,
               (SELECT count(*) FROM job_hot hot WHERE hot.state = 'running' AND hot.worker_id = worker.id) AS running
        FROM worker
        WHERE worker.died_at IS NULL
           OR EXISTS (SELECT 1 FROM job_hot hot WHERE hot.state = 'running' AND hot.worker_id = worker.id)
        ORDER BY worker.started_at, worker.id)sql"};
    return tx.all<OperatedWorker>(statement);
}

Task<std::vector<Depth>> list_depths(sql::Tx& tx) {
    static constexpr sql::Statement statement{"jobs.list_depths", R"sql(
        SELECT queue, state, count(*) AS jobs, min(run_at) AS oldest FROM job_hot
        GROUP BY queue, state ORDER BY queue, state)sql"};
    return tx.all<Depth>(statement);
}

Task<std::vector<Tally>> tally_since(sql::Tx& tx, Timestamp since) {
    static constexpr sql::Statement statement{"jobs.tally_since", R"sql(
        SELECT counted.type, counted.status, count(*) AS jobs
        FROM (SELECT job.type,
                     coalesce(job.status, CASE WHEN hot.state = 'running' THEN 'running' ELSE 'queued' END) AS status
              FROM job LEFT JOIN job_hot hot ON hot.id = job.id
              WHERE job.id >= :first) counted
        GROUP BY counted.type, counted.status ORDER BY counted.type, counted.status)sql"};
    return tx.all<Tally>(statement, sql::named("first", least_id(since)));
}

Task<Status> cancel_any(sql::Tx& tx, JobId id, Doorbell& cancels, Timestamp now) {
    auto requester = co_await requester_of(tx, id);
    co_return co_await cancel(tx, requester, id, cancels, now);
}

Task<void> retry_any(sql::Tx& tx, JobId id, Doorbell& doorbell, Timestamp now) {
    auto requester = co_await requester_of(tx, id);
    co_await retry(tx, requester, id, doorbell, now);
}

}  // namespace afterresume::jobs
