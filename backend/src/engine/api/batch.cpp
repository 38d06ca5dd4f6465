#include "engine/api/batch.h"

#include "engine/jobs/control.h"
#include "infra/http/status.h"

#include <algorithm>
#include <numeric>

namespace afterresume::jobs {

namespace {

constexpr std::int64_t most = 1'000;

// The oldest first.
constexpr sql::Statement select_some{"jobs.select_some", R"sql(
    SELECT job.id FROM job LEFT JOIN job_hot hot ON hot.id = job.id
    WHERE job.tenant_id = :tenant_id AND job.user_id = :user_id
      AND (CAST(:type AS text) IS NULL OR job.type = :type)
      AND (CAST(:queue AS text) IS NULL OR job.queue = :queue)
      AND (CAST(:code AS text) IS NULL OR job.error ->> 'code' = :code)
      AND coalesce(job.status, CASE WHEN hot.state = 'running' THEN 'running' ELSE 'queued' END) IN (:status, :or_status)
    ORDER BY job.id LIMIT :limit)sql"};

void refuse(std::string pointer, std::string sentence) {
    throw Error::invalid_fields({{std::move(pointer), std::move(sentence)}});
}

void check(const Batch& batch) {
    if (batch.op == BatchOp::enqueue) {
        if (!batch.items) refuse("/items", "is missing");
        if (batch.ids) refuse("/ids", "is nothing that enqueue takes");
        if (batch.filter) refuse("/filter", "is nothing that enqueue takes");
        return;
    }
    if (batch.items) refuse("/items", "is taken by enqueue only");
    if (batch.ids.has_value() == batch.filter.has_value())
        refuse("/ids", "must be given, or a filter, and not both");
}

// What is wrong with one item leaves the others as they are; anything else spoils the batch.
bool is_of_item(const Error& error) {
    return http::status_of(error.kind()) < 500 && !error.code().starts_with("sql.");
}

Task<void> attempt(BatchItem& item, Task<Taken> task) {
    try {
        auto taken = co_await std::move(task);
        item.id = taken.id;
        item.status = taken.status;
    } catch (const Error& error) {
        if (!is_of_item(error)) throw;
        item.status = http::status_of(error.kind());
        item.error = BatchProblem{error.code(), error.what(), {}};
        for (const auto& field : error.fields())
            item.error->fields.push_back(field.pointer + " " + field.message);
    }
}

void check_request(
    const JobTypes& types, const Scope& scope, const std::string& name, const JsonObject& payload
) {
    const auto* type = types.find(name);
    if (type == nullptr || !type->requestable) {
        std::string sentence = "There is no such type of job that people may ask for.";
        Error error(ErrorKind::invalid, "job.not_requestable", sentence);
        throw error.with_fields({{"/type", sentence}});
    }
    if (!scope.may(type->permission))
        throw Error(ErrorKind::forbidden, "job.forbidden", "You may not ask for such a job.");
    describe::Findings findings;
    type->requestable(payload, "/payload", findings);
    if (!findings.all().empty()) throw Error::invalid_fields(findings.take());
}

// One batch under way.
class Batches {
public:
    Batches(sql::Tx& tx, const Scope& scope, const BatchParts& parts)
        : tx_(tx), scope_(scope), parts_(parts) {}

    Task<std::vector<BatchItem>> enqueue(std::vector<Unread<BatchJob>> items, Uuid batch) {
        std::vector<BatchItem> done(items.size());
        for (std::size_t i = 0; i < items.size(); ++i)
            co_await attempt(done[i], enqueue_one(std::move(items[i].value), batch));
        co_return done;
    }
    Task<std::vector<BatchItem>> change(BatchOp op, std::vector<Uuid> ids) {
        return change_each(std::move(ids), [this, op](JobId id) {
            return op == BatchOp::cancel ? cancel_one(id) : retry_one(id);
        });
    }

private:
    Task<Taken> enqueue_one(Json given, Uuid batch) {
        auto wanted = describe::from_json<BatchJob>(given);
        auto payload = wanted.payload.value_or(JsonObject());
        check_request(parts_.types, scope_, wanted.type, payload);
        auto origin = origin_of(scope_);
        origin.batch = batch;
        NewJob job{std::move(wanted.type), describe::to_json(payload)};
        if (wanted.priority) job.priority = static_cast<std::int16_t>(*wanted.priority);
        job.run_at = wanted.run_at;
        auto made = co_await parts_.queue.enqueue(tx_, origin, std::move(job));
        co_return Taken{made.id, made.fresh ? 202 : 200};
    }
    Task<Taken> cancel_one(JobId id) {
        auto status = co_await cancel(tx_, scope_, id, parts_.cancels, parts_.clock.now());
        co_return Taken{id, status == Status::cancelled ? 200 : 202};
    }
    Task<Taken> retry_one(JobId id) {
        co_await retry(tx_, scope_, id, parts_.doorbell, parts_.clock.now());
        co_return Taken{id};
    }

    sql::Tx& tx_;
    const Scope& scope_;
    const BatchParts& parts_;
};

Task<std::vector<Uuid>> select(sql::Tx& tx, Scope scope, BatchOp op, BatchFilter filter) {
    auto cancels = op == BatchOp::cancel;
    auto status = filter.status.value_or(cancels ? Status::queued : Status::failed);
    auto other = filter.status ? status : cancels ? Status::running : status;
    return tx.all<Uuid>(
        select_some, scope, sql::named("type", filter.type), sql::named("queue", filter.queue),
        sql::named("code", filter.code), sql::named("status", status),
        sql::named("or_status", other), sql::named("limit", most)
    );
}

}  // namespace

Task<std::vector<BatchItem>> change_each(
    std::vector<JobId> ids, std::function<Task<Taken>(JobId id)> change
) {
    std::vector<std::size_t> order(ids.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {}, [&](std::size_t index) { return ids[index]; });
    std::vector<BatchItem> done(ids.size());
    for (auto index : order) {
        done[index].index = static_cast<std::int64_t>(index);
        done[index].id = ids[index];
        co_await attempt(done[index], change(ids[index]));
    }
    co_return done;
}

Task<BatchResult> run_batch(sql::Tx& tx, Scope scope, BatchParts parts, Batch batch) {
    check(batch);
    BatchResult result;
    result.batch_id = Uuid::at(parts.clock.now().time_since_epoch().count());
    result.op = batch.op;
    Batches batches(tx, scope, parts);
    if (batch.op == BatchOp::enqueue) {
        result.items = co_await batches.enqueue(std::move(*batch.items), result.batch_id);
    } else {
        if (batch.filter) batch.ids = co_await select(tx, scope, batch.op, *batch.filter);
        result.more = batch.filter && batch.ids->size() == static_cast<std::size_t>(most);
        result.items = co_await batches.change(batch.op, std::move(*batch.ids));
    }
    for (std::size_t i = 0; i < result.items.size(); ++i) {
        result.items[i].index = static_cast<std::int64_t>(i);
        ++(result.items[i].error ? result.failed : result.succeeded);
    }
    co_return result;
}

}  // namespace afterresume::jobs
