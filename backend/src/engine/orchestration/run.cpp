#include "engine/orchestration/run.h"

#include "engine/jobs/outcomes.h"

namespace afterresume::orchestration {

Run::Run(
    Surroundings surroundings, jobs::Claimed job, Scope scope, const Signals& signals, Plan plan
)
    : surroundings_(surroundings),
      job_(std::move(job)),
      scope_(std::move(scope)),
      checkpoints_(surroundings, job_, scope_, signals, std::move(plan)),
      steps_(checkpoints_, surroundings, job_),
      waits_(checkpoints_, surroundings, job_, scope_) {}

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

Task<void> Run::complete(sql::Tx& tx) {
    jobs::complete(
        tx, {jobs::Ending{job_.fence(), jobs::Status::success, result_}}, surroundings_.clock.now()
    );
    co_await tx.commit();
    finished_ = true;
}

Task<void> Run::event(
    jobs::Level level, jobs::Source source, std::string message, JsonObject data
) {
    auto fenced = co_await checkpoints_.begin_fenced();
    jobs::append_event(
        *fenced.tx, job_.tenant_id, job_.id,
        {surroundings_.clock.now(), level, source, std::move(message), std::move(data)}
    );
    co_await fenced.tx->commit();
}

}  // namespace afterresume::orchestration
