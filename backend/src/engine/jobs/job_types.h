// The job types that this build knows. Filled by app/ before anything is enqueued; outlives queues and workers.
#pragma once

#include "engine/jobs/model.h"

#include <map>
#include <string_view>

namespace afterresume::jobs {

class JobTypes {
public:
    // Throws std::logic_error for a name that is there already.
    const JobType& add(JobType type);
    const JobType* find(std::string_view name) const;
    // Throws std::logic_error for an unknown name: a mistake in the program.
    const JobType& get(std::string_view name) const;
    std::vector<const JobType*> all() const;

private:
    std::map<std::string, JobType, std::less<>> types_;
};

}  // namespace afterresume::jobs
