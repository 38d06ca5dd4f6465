#include "engine/orchestration/workflow.h"

namespace afterresume::orchestration {

void Workflows::add(jobs::JobType type, std::unique_ptr<Workflow> workflow) {
    for (auto& step : workflow->steps()) type.steps.push_back(std::move(step.name));
    auto name = types_.add(std::move(type)).name;
    workflows_.emplace(std::move(name), std::move(workflow));
}

Workflow* Workflows::find(std::string_view type) const {
    auto found = workflows_.find(type);
    return found == workflows_.end() ? nullptr : found->second.get();
}

std::vector<std::string> Workflows::names() const {
    std::vector<std::string> names;
    for (const auto& [name, workflow] : workflows_) names.push_back(name);
    return names;
}

}  // namespace afterresume::orchestration
