#include "engine/orchestration/run.h"

#include "engine/jobs/outcomes.h"

namespace afterresume::orchestration {

Run::Run(Surroundings surroundings, jobs::Claimed job, Scope scope, Signals& signals, Plan plan)
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

Task<void> Run::require_rights() {
    check();
    auto identity = co_await surroundings_.rights.find(job_.tenant_id, job_.user_id);
    if (!identity || !ScopeMint::mint(*identity).may(surroundings_.type.permission))
        throw Stopped{Stopped::Reason::rights_lost};
}

void Run::keep(std::string result) {
    const auto& seal = surroundings_.queue.seal();
    result_ = seal.seal(job_.tenant_id, job_.id, std::move(result), jobs::result_part);
}

void Run::complete(sql::Tx& tx) {
    jobs::end_held(tx, job_, result_, has_steps(), surroundings_.clock.now());
}

Task<void> Run::event(
    jobs::Level level, jobs::Source source, std::string message, JsonObject data
) {
    co_await checkpoints_.fenced([&](sql::Tx& tx) -> Task<void> {
        jobs::append_event(
            tx, job_.tenant_id, job_.id,
            {surroundings_.clock.now(), level, source, std::move(message), std::move(data)}
        );
        co_return;
    });
}

}  // namespace afterresume::orchestration
