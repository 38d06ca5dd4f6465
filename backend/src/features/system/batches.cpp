#include "features/system/service.h"

namespace afterresume::system {

namespace {

constexpr std::int64_t most = 1'000;

// Those that the operation is for where no status is named.
std::vector<jobs::Status> statuses_of(JobsOp op, const JobsFilter& filter) {
    using jobs::Status;
    if (filter.status) return {*filter.status};
    if (op == JobsOp::retry) return {Status::failed};
    return {Status::queued, Status::running};
}

Task<std::vector<jobs::JobId>> select(sql::Tx& tx, JobsOp op, JobsFilter filter) {
    auto statuses = statuses_of(op, filter);
    jobs::OperationFilter wanted;
    wanted.tenant = filter.tenant_id;
    wanted.type = std::move(filter.type);
    wanted.queue = filter.queue;
    wanted.code = std::move(filter.code);
    co_return co_await jobs::select_any(tx, std::move(wanted), std::move(statuses), most);
}

}  // namespace

Task<jobs::Taken> Service::change_one(sql::Tx& tx, JobsOp op, jobs::JobId id) {
    if (op == JobsOp::retry) {
        co_await jobs::retry_any(tx, id, doorbell_, clock_.now());
        co_return jobs::Taken{id};
    }
    auto status = co_await jobs::cancel_any(tx, id, cancels_, clock_.now());
    co_return jobs::Taken{id, status == jobs::Status::cancelled ? 200 : 202};
}

Task<ChangedJobs> Service::change_jobs(sql::Tx& tx, Operator by, ChangeJobs wanted) {
    if (wanted.ids.has_value() == wanted.filter.has_value())
        throw Error::invalid_fields({{"/ids", "must be given, or a filter, and not both"}});
    auto tenant = wanted.filter ? wanted.filter->tenant_id : std::nullopt;
    auto by_filter = wanted.filter.has_value();
    if (by_filter) wanted.ids = co_await select(tx, wanted.op, std::move(*wanted.filter));
    ChangedJobs result;
    result.op = wanted.op;
    result.more = by_filter && std::ssize(*wanted.ids) == most;
    auto change = [&](jobs::JobId id) { return change_one(tx, wanted.op, id); };
    result.items = co_await jobs::change_each(std::move(*wanted.ids), change);
    for (const auto& item : result.items) ++(item.error ? result.failed : result.succeeded);
    record(
        tx, by, wanted.op == JobsOp::cancel ? Act::cancel_jobs : Act::retry_jobs,
        tenant.value_or(TenantId{0}),
        fmt::format("{} of {} jobs", result.succeeded, result.items.size())
    );
    co_return result;
}

}  // namespace afterresume::system
