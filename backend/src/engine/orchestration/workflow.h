// A workflow is ordinary code that names its steps; a job of its type runs it. The registry is
// filled by app/ and outlives the workers; a workflow object serves many runs at once and holds no
// state of any.
#pragma once

#include "engine/jobs/job_types.h"
#include "engine/orchestration/run.h"

#include <map>
#include <memory>

namespace afterresume::orchestration {

class Workflow {
public:
    virtual ~Workflow() = default;
    // Begins anew at each attempt; finished steps give their stored result. Throws to fail:
    // upstream, unavailable and rate_limited are tried again, the rest is final.
    virtual Task<void> start(Run& run) = 0;
    // The steps that a run may do, in the order in which they are told.
    virtual Plan steps() const { return {}; }
};

// A workflow whose payload is the described struct Args.
template <class Args>
class WorkflowOf : public Workflow {
public:
    using Payload = Args;

    Task<void> start(Run& run) final { return this->run(run, run.template args<Args>()); }

protected:
    virtual Task<void> run(Run& run, Args args) = 0;
};

class Workflows {
public:
    explicit Workflows(jobs::JobTypes& types) : types_(types) {}

    // The type knows the steps of the workflow from then on.
    void add(jobs::JobType type, std::unique_ptr<Workflow> workflow);
    Workflow* find(std::string_view type) const;
    const jobs::JobTypes& types() const { return types_; }
    // Names of the types that have a workflow here.
    std::vector<std::string> names() const;

private:
    jobs::JobTypes& types_;
    std::map<std::string, std::unique_ptr<Workflow>, std::less<>> workflows_;
};

}  // namespace afterresume::orchestration
