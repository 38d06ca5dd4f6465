#include "features/tenants/limits.h"

#include "core/describe/writer.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <stdexcept>

namespace afterresume::tenants {

namespace {

std::optional<std::int64_t>& limit_of(Limits& limits, const std::string& quota) {
    if (quota == "entries_per_day") return limits.entries_per_day;
    if (quota == "members") return limits.members;
    if (quota == "concurrent_jobs") return limits.concurrent_jobs;
    if (quota == "share_links") return limits.share_links;
    throw std::logic_error(fmt::format("plans know no quota {}", quota));
}

std::string sentence(const QuotaState& state) {
    return fmt::format(
        "This workspace may have {} of {} and has {}.", state.limit.value_or(0),
        describe::name_of(state.quota), state.used
    );
}

}  // namespace

std::map<std::string, Limits> read_plans(std::string_view yaml) {
    std::map<std::string, Limits> plans;
    try {
        for (const auto& plan : YAML::Load(std::string(yaml))) {
            auto& limits = plans[plan.first.as<std::string>()];
            for (const auto& figure : plan.second)
                limit_of(limits, figure.first.as<std::string>()) = figure.second.as<std::int64_t>();
        }
    } catch (const YAML::Exception& error) {
        throw std::logic_error(fmt::format("plans are no such YAML: {}", error.what()));
    }
    return plans;
}

Limits combined(const Limits& plan, const Limits& own) {
    Limits out = plan;
    if (own.entries_per_day) out.entries_per_day = own.entries_per_day;
    if (own.members) out.members = own.members;
    if (own.concurrent_jobs) out.concurrent_jobs = own.concurrent_jobs;
    if (own.share_links) out.share_links = own.share_links;
    return out;
}

QuotaExceeded::QuotaExceeded(QuotaState state)
    : Error(ErrorKind::quota_exceeded, "tenants.quota_exceeded", sentence(state)), state_(state) {}

}  // namespace afterresume::tenants
