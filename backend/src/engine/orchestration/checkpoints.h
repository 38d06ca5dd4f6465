// The steps of one attempt: found again, begun and kept, each write under the job's fence. Owned by
// the run.
#pragma once

#include "engine/jobs/claims.h"
#include "engine/jobs/steps.h"
#include "engine/jobs/timeline.h"
#include "engine/orchestration/plan.h"
#include "engine/orchestration/surroundings.h"

#include <map>
#include <memory>
#include <set>

namespace afterresume::orchestration {

// One of `parts` done side by side under a planned step; a step by itself is its only part.
struct Part {
    std::string name;
    const StepPlan* plan = nullptr;
    std::size_t parts = 1;
};

class Checkpoints {
public:
    Checkpoints(
        Surroundings surroundings, const jobs::Claimed& job, const Scope& scope, Signals& signals,
        Plan plan
    );

    // Throws Stopped once the job was cancelled or taken away, Error(internal,
    // "job.deadline_exceeded") past its deadline.
    void check() const;
    // What ends the attempt from outside.
    Signals& signals() const { return signals_; }
    // `write(tx)`, which returns a Task<void>, and its commit, in a transaction that holds the job.
    // Throws Stopped when the job is somebody else's, or cancelled.
    template <class Write>
    Task<void> fenced(Write write) {
        check();
        auto tx = surroundings_.database.begin(scope_, sql::Access::write);
        try {
            jobs::hold(*tx, job_.fence());
            co_await write(*tx);
            co_await tx->commit();
        } catch (const Error& error) {
            if (error.code() != jobs::not_held) throw;
            throw Stopped{Stopped::Reason::not_held};
        }
    }

    bool has_plan() const { return !plan_.empty(); }
    // Throws std::logic_error for a step that is not planned.
    const StepPlan& planned(std::string_view name) const;
    // What the step gave for that input, if it was done before. Throws std::logic_error for a name
    // that this attempt used already.
    Task<std::optional<jobs::Step>> find(Part part, std::string input_hash);
    // Tells that the step begins: the last look at the fence before what costs.
    Task<void> begin(std::string name);
    // Keeps the step with its events; `begun` when its beginning was told.
    Task<void> keep(Part part, jobs::Step step, bool begun);

    // Under no plan: what the workflow waits for.
    Task<std::optional<jobs::Step>> find_wait(std::string name);
    // The step as the database keeps it, and back.
    jobs::Step sealed(jobs::Step step) const;
    jobs::Step opened(jobs::Step step) const;

private:
    Task<void> load();
    void count(const Part& part);
    jobs::NewEvent finished_event(const Part& part, const jobs::Step& step) const;
    std::int16_t percent() const;
    Timestamp now() const { return surroundings_.clock.now(); }

    Surroundings surroundings_;
    const jobs::Claimed& job_;
    const Scope& scope_;
    Signals& signals_;
    Plan plan_;
    bool loaded_ = false;
    // By name and input.
    std::map<std::pair<std::string, std::string>, jobs::Step> known_;
    std::set<std::string> used_;
    double done_ = 0;
};

}  // namespace afterresume::orchestration
