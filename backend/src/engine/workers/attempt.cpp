#include "engine/workers/attempt.h"

#include "core/scope_mint.h"
#include "engine/jobs/backoff.h"
#include "engine/workers/tally.h"

#include <algorithm>

namespace afterresume::workers {

namespace {

using jobs::FailureKind;

FailureKind kind_of(ErrorKind kind) {
    if (jobs::may_pass(kind)) return FailureKind::retryable;
    return kind == ErrorKind::insufficient_credit ? FailureKind::budget : FailureKind::permanent;
}

jobs::Ending failed(const jobs::Claimed& job, jobs::Failure failure) {
    return {job.fence(), jobs::Status::failed, std::nullopt, std::move(failure)};
}

Outcome failed(
    const Parts& parts, const jobs::Claimed& job, const Error& error, jobs::RetryBudget& retries,
    double chance
) {
    jobs::Failure failure{kind_of(error.kind()), error.code(), error.what()};
    if (failure.kind != FailureKind::retryable || job.attempts >= job.max_attempts)
        return failed(job, std::move(failure));
    const auto& type = parts.workflows.types().get(job.type);
    auto now = parts.clock.now();
    auto wait = retries.spend(job.tenant_id, type.provider, now)
                    ? jobs::backoff_delay(type.backoff, job.attempts, chance)
                    : jobs::longest_delay(type.backoff, chance);
    if (error.retry_after())
        wait =
            std::max<std::chrono::milliseconds>(wait, std::chrono::seconds(*error.retry_after()));
    return jobs::postponed(job, failure, now + wait, now);
}

jobs::Ending without_permission(const jobs::Claimed& job, std::string why) {
    return failed(job, {FailureKind::permission_lost, "job.permission_lost", std::move(why)});
}

Task<std::optional<Outcome>> work(
    const Parts& parts, Attempt& attempt, jobs::RetryBudget& retries
) {
    const auto& job = attempt.job;
    const auto& type = parts.workflows.types().get(job.type);
    auto* workflow = parts.workflows.find(job.type);
    auto identity = co_await parts.rights.find(job.tenant_id, job.user_id);
    if (!identity) co_return without_permission(job, "Who asked for this is no longer a member.");
    identity->cause = {job.correlation_id, job.id, job.root_id.value_or(job.id), job.trace_id};
    auto scope = ScopeMint::mint(*identity);
    if (!scope.may(type.permission))
        co_return without_permission(job, "Who asked for this may no longer do it.");
    jobs::Queue queue(parts.workflows.types(), parts.clock, parts.doorbell);
    orchestration::Surroundings surroundings{parts.database, parts.rights, parts.pool, parts.clock,
                                             *attempt.lease, queue,        type,       retries};
    orchestration::Run run(surroundings, job, std::move(scope), attempt.signals, workflow->steps());
    co_await workflow->start(run);
    if (run.finished()) co_return std::nullopt;
    jobs::Ending ending{job.fence(), jobs::Status::success, run.result()};
    ending.has_steps = run.has_steps();
    co_return ending;
}

std::string_view name_of(const Outcome& outcome) {
    const auto* ending = std::get_if<jobs::Ending>(&outcome);
    return ending == nullptr ? "retry" : describe::name_of(ending->status);
}

Made made(Outcome outcome) {
    auto name = name_of(outcome);
    return {name, std::move(outcome)};
}

}  // namespace

Task<Made> make_attempt(
    const Parts& parts, Attempt& attempt, jobs::RetryBudget& retries, double chance
) {
    const auto& job = attempt.job;
    retries.earn(job.tenant_id, parts.workflows.types().get(job.type).provider, parts.clock.now());
    try {
        auto outcome = co_await work(parts, attempt, retries);
        if (!outcome) co_return Made{"success", std::nullopt};
        co_return made(std::move(*outcome));
    } catch (const orchestration::Stopped& stopped) {
        using enum orchestration::Stopped::Reason;
        if (stopped.reason == authority_lost) co_return Made{"lost", std::nullopt};
        if (stopped.reason == waiting) co_return Made{"waiting", std::nullopt};
        if (stopped.reason == rights_lost)
            co_return made(
                without_permission(job, "Who asked for this lost the right to it meanwhile.")
            );
        // Written for a job that is somebody else's by now, it changes nothing.
        co_return made(jobs::Ending{job.fence(), jobs::Status::cancelled});
    } catch (const Error& error) {
        auto what = fmt::format("failed: {} ({})", error.what(), error.code());
        tell(parts.log, observability::Level::warning, job, what);
        co_return made(failed(parts, job, error, retries, chance));
    } catch (const std::exception& error) {
        tell(parts.log, observability::Level::error, job, fmt::format("broke: {}", error.what()));
        co_return made(failed(
            job,
            {FailureKind::permanent, "job.internal", "Something went wrong inside the program."}
        ));
    }
}

}  // namespace afterresume::workers
