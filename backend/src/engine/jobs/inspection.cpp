#include "engine/jobs/inspection.h"

#include "engine/jobs/id_time.h"

#include <algorithm>

namespace afterresume::jobs {

namespace {

// A job's header beside its hot row, if it has one.
struct JobRow {
    JobId id;
    std::string type;
    Status status = Status::queued;
    Trigger triggered_by = Trigger::api;
    QueueName queue = QueueName::ai;
    std::int64_t priority = 0;
    std::int64_t generation = 1;
    std::optional<std::int64_t> progress;
    std::optional<std::string> progress_message;
    std::optional<Json> result;
    std::optional<Failure> error;
    std::int64_t attempts = 0;
    Timestamp created_at;
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> finished_at;
    std::optional<JobId> parent_id;
    std::optional<JobId> root_id;
    std::optional<Uuid> batch_id;
    Uuid trace_id;
    std::int64_t cost = 0;
    std::int64_t estimated_cost = 0;
};
BOOST_DESCRIBE_STRUCT(
    JobRow, (),
    (id, type, status, triggered_by, queue, priority, generation, progress, progress_message,
     result, error, attempts, created_at, started_at, finished_at, parent_id, root_id, batch_id,
     trace_id, cost, estimated_cost)
)

std::string hex_of(const Uuid& id) {
    auto text = id.text();
    std::erase(text, '-');
    return text;
}

JobView view_of(JobRow row, TenantId tenant, const PayloadSeal& seal) {
    JobView view;
    view.id = row.id;
    view.type = std::move(row.type);
    view.status = row.status;
    view.trigger = row.triggered_by;
    view.queue = row.queue;
    view.priority = row.priority;
    view.progress = row.status == Status::success ? 100 : row.progress.value_or(0);
    view.progress_message = std::move(row.progress_message);
    if (row.result) {
        view.result = seal.try_opened(tenant, row.id, std::move(*row.result), result_part);
        view.result_unreadable = !view.result;
    }
    view.error = std::move(row.error);
    view.attempts = row.attempts;
    view.retry_count = std::max<std::int64_t>(row.attempts - 1, 0);
    view.created_at = row.created_at;
    view.started_at = row.started_at;
    view.finished_at = row.finished_at;
    view.parent_id = row.parent_id;
    view.root_id = row.root_id;
    view.batch_id = row.batch_id;
    view.trace_id = hex_of(row.trace_id);
    view.cost = row.cost;
    view.estimated_cost = row.estimated_cost;
    return view;
}

}  // namespace

JobId place_of(const std::optional<std::string>& cursor) {
    constexpr auto past_all = "ffffffff-ffff-ffff-ffff-ffffffffffff";
    auto place = Uuid::parse(cursor.value_or(past_all));
    if (!place)
        throw Error(
            ErrorKind::invalid, "request.bad_cursor", "The cursor is not one that this list gave."
        );
    return *place;
}

Task<JobView> get_job(sql::Tx& tx, Scope scope, const JobTypes& types, JobId id) {
    static constexpr sql::Statement statement{"jobs.get", R"sql(
        SELECT job.id, job.type, job.triggered_by, job.queue, job.priority, job.result, job.error, job.created_at,
               job.finished_at, job.parent_id, job.root_id, job.batch_id, job.trace_id, job.estimated_cost,
               CASE WHEN job.status IS NOT NULL THEN job.cost
                    ELSE (SELECT coalesce(sum(step.cost), 0) FROM job_step step WHERE step.job_id = job.id) END AS cost,
               coalesce(job.status, CASE WHEN hot.state = 'running' THEN 'running' ELSE 'queued' END) AS status,
               coalesce(hot.generation, job.generation) AS generation,
               coalesce(hot.attempts, job.attempts) AS attempts,
               coalesce(hot.started_at, job.started_at) AS started_at,
               told.progress, told.message AS progress_message
        FROM job LEFT JOIN job_hot hot ON hot.id = job.id
        LEFT JOIN job_event told ON told.job_id = job.id AND told.seq = (
            SELECT max(event.seq) FROM job_event event WHERE event.job_id = job.id AND event.progress IS NOT NULL)
        WHERE job.id = :id AND job.tenant_id = :tenant_id AND job.user_id = :user_id)sql"};
    auto found = co_await tx.find<JobRow>(statement, scope, sql::named("id", id));
    if (!found) throw Error::not_found("job");
    StepsOf whose{scope.tenant(), id, found->generation, found->type, found->status};
    auto view = view_of(std::move(*found), scope.tenant(), types.seal());
    view.steps = co_await view_steps(tx, types, std::move(whose));
    view.parents = co_await list_parents(tx, scope.tenant(), id);
    view.children = co_await list_children(tx, scope.tenant(), id);
    co_return view;
}

namespace {

constexpr sql::Statement list_between{"jobs.list", R"sql(
        SELECT job.id, job.type, job.triggered_by, job.queue, job.priority, job.result, job.error, job.created_at,
               job.finished_at, job.parent_id, job.root_id, job.batch_id, job.trace_id, job.cost, job.estimated_cost,
               coalesce(job.status, CASE WHEN hot.state = 'running' THEN 'running' ELSE 'queued' END) AS status,
               coalesce(hot.attempts, job.attempts) AS attempts,
               coalesce(hot.started_at, job.started_at) AS started_at,
               told.progress, told.message AS progress_message
        FROM job LEFT JOIN job_hot hot ON hot.id = job.id
        LEFT JOIN job_event told ON told.job_id = job.id AND told.seq = (
            SELECT max(event.seq) FROM job_event event WHERE event.job_id = job.id AND event.progress IS NOT NULL)
        WHERE job.tenant_id = :tenant_id AND job.user_id = :user_id AND job.id < :before AND job.id >= :since
          AND (CAST(:type AS text) IS NULL OR job.type = :type)
          AND (CAST(:batch_id AS uuid) IS NULL OR job.batch_id = :batch_id)
          AND (CAST(:status AS text) IS NULL
               OR coalesce(job.status, CASE WHEN hot.state = 'running' THEN 'running' ELSE 'queued' END) = :status)
        ORDER BY job.id DESC LIMIT :limit)sql"};

// What most lists end in; older weeks are not even opened then.
constexpr std::chrono::days newest{14};

struct Range {
    Uuid since;
    Uuid before;
};
BOOST_DESCRIBE_STRUCT(Range, (), (since, before))

}  // namespace

Task<Page<JobView>> list_jobs(sql::Tx& tx, Scope scope, const PayloadSeal& seal, JobFilter filter) {
    auto before = place_of(filter.cursor);
    auto size = std::clamp<std::int64_t>(filter.page_size, 1, largest_page_size);
    std::vector<Range> ranges{{Uuid{}, before}};
    if (filter.now) {
        auto border = least_id(*filter.now - newest);
        if (border < before) ranges = {{border, before}, {Uuid{}, border}};
    }
    std::vector<JobRow> rows;
    for (const auto& range : ranges) {
        auto left = size + 1 - static_cast<std::int64_t>(rows.size());
        if (left == 0) break;
        auto more = co_await tx.all<JobRow>(
            list_between, scope, range, sql::named("type", filter.type),
            sql::named("status", filter.status), sql::named("batch_id", filter.batch_id),
            sql::named("limit", left)
        );
        std::ranges::move(more, std::back_inserter(rows));
    }
    std::vector<JobView> views;
    for (auto& row : rows) views.push_back(view_of(std::move(row), scope.tenant(), seal));
    co_return cut_page(std::move(views), size, [](const JobView& last) { return last.id.text(); });
}

Task<Told> list_events(sql::Tx& tx, Scope scope, JobId id, std::int64_t after, std::int64_t limit) {
    auto known = co_await find_milestones(tx, id);
    if (!known || known->tenant_id != scope.tenant() || known->user_id != scope.user())
        throw Error::not_found("job");
    co_return co_await read_timeline(tx, id, std::move(*known), after, limit);
}

}  // namespace afterresume::jobs
