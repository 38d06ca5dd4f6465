#include "engine/orchestration/run.h"

#include "engine/jobs/attempts.h"

namespace afterresume::orchestration {

Run::Run(Surroundings surroundings, jobs::Claimed job, Scope scope, const Signals& signals)
    : surroundings_(surroundings),
      job_(std::move(job)),
      scope_(std::move(scope)),
      signals_(signals) {}

jobs::Origin Run::origin() const {
    return {
        job_.tenant_id,
        job_.user_id,
        jobs::Trigger::chain,
        job_.id,
        job_.root_id ? job_.root_id : std::optional(job_.id),
        job_.trace_id,
        job_.correlation_id
    };
}

void Run::check() const {
    if (signals_.abandoned || !surroundings_.lease.trusted())
        throw Stopped{Stopped::Reason::authority_lost};
    if (signals_.cancel_requested) throw Stopped{Stopped::Reason::cancelled};
    if (job_.deadline && clock_now() > *job_.deadline) {
        throw Error(
            ErrorKind::internal, "job.deadline_exceeded", "The job did not end before its deadline."
        );
    }
}

Task<std::optional<jobs::Step>> Run::find_step(std::string name, std::string input_hash) {
    check();
    if (!steps_) {
        std::vector<jobs::Step> stored;
        if (job_.began_before()) {
            auto tx = surroundings_.database.begin(scope_, sql::Access::read);
            stored = co_await jobs::list_steps(*tx, job_.tenant_id, job_.id, job_.generation);
        }
        if (!steps_) steps_.emplace();
        for (auto& step : stored) steps_->try_emplace(step.name, step);
    }
    auto found = steps_->find(name);
    if (found == steps_->end()) co_return std::nullopt;
    if (found->second.input_hash != input_hash) {
        throw Error(
            ErrorKind::internal, "job.nondeterministic",
            fmt::format("The step {} was given another input than before.", name)
        );
    }
    co_return found->second;
}

Task<void> Run::keep_step(jobs::Step step, Milestone milestone) {
    auto tx = co_await begin_fenced();
    jobs::keep_step(*tx, job_.tenant_id, job_.id, job_.generation, step);
    auto duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(step.finished_at - step.started_at)
            .count();
    jobs::NewEvent event{
        clock_now(),
        jobs::Level::info,
        jobs::Source::workflow,
        milestone.sentence.empty() ? fmt::format("Finished the step {}", step.name)
                                   : std::move(milestone.sentence),
        {{"event", "step_finished"}, {"step", step.name}, {"duration_ms", duration}}
    };
    if (milestone.percent > 0) event.progress = milestone.percent;
    jobs::append_event(*tx, job_.tenant_id, job_.id, event);
    co_await tx->commit();
    steps_->try_emplace(step.name, step);
}

Task<std::unique_ptr<sql::Tx>> Run::begin_fenced() {
    check();
    auto tx = surroundings_.database.begin(scope_, sql::Access::write);
    auto held = co_await jobs::hold(*tx, job_.fence());
    if (!held) throw Stopped{Stopped::Reason::authority_lost};
    if (held->cancel_requested) throw Stopped{Stopped::Reason::cancelled};
    co_return tx;
}

Task<void> Run::complete(sql::Tx& tx) {
    jobs::complete(tx, {jobs::Ending{job_.fence(), jobs::Status::success, result_}}, clock_now());
    co_await tx.commit();
    finished_ = true;
}

Task<void> Run::progress(std::int16_t percent, std::string sentence) {
    auto tx = co_await begin_fenced();
    jobs::NewEvent event{clock_now(),         jobs::Level::info,       jobs::Source::workflow,
                         std::move(sentence), {{"event", "progress"}}, percent};
    jobs::append_event(*tx, job_.tenant_id, job_.id, event);
    co_await tx->commit();
}

Task<void> Run::event(
    jobs::Level level, jobs::Source source, std::string message, JsonObject data
) {
    auto tx = co_await begin_fenced();
    jobs::append_event(
        *tx, job_.tenant_id, job_.id,
        {clock_now(), level, source, std::move(message), std::move(data)}
    );
    co_await tx->commit();
}

}  // namespace afterresume::orchestration
