#include "engine/jobs/job_types.h"

#include <fmt/format.h>

#include <stdexcept>

namespace afterresume::jobs {

const JobType& JobTypes::add(JobType type) {
    if ((type.unique == Unique::within_period) != (type.period.length > Period{}.length))
        throw std::logic_error(fmt::format("{} is unique within no period", type.name));
    auto name = type.name;
    auto [position, fresh] = types_.try_emplace(std::move(name), std::move(type));
    if (!fresh)
        throw std::logic_error(fmt::format("the job type {} is there already", position->first));
    return position->second;
}

const JobType* JobTypes::find(std::string_view name) const {
    auto found = types_.find(name);
    return found == types_.end() ? nullptr : &found->second;
}

const JobType& JobTypes::get(std::string_view name) const {
    if (const auto* type = find(name)) return *type;
    throw std::logic_error(fmt::format("there is no job type {}", name));
}

std::vector<const JobType*> JobTypes::all() const {
    std::vector<const JobType*> all;
    for (const auto& [name, type] : types_) all.push_back(&type);
    return all;
}

}  // namespace afterresume::jobs
