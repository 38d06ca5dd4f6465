#include "features/tenants/limits.h"

#include "core/describe/writer.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace afterresume::tenants {

namespace {

using Figure = std::optional<std::int64_t> Limits::*;

constexpr std::array<std::pair<std::string_view, Figure>, 7> figures{{
    {"entries_per_day", &Limits::entries_per_day},
    {"members", &Limits::members},
    {"concurrent_jobs", &Limits::concurrent_jobs},
    {"share_links", &Limits::share_links},
    {"queued_jobs", &Limits::queued_jobs},
    {"requests_per_second", &Limits::requests_per_second},
    {"requests_at_once", &Limits::requests_at_once},
}};

Figure figure_named(const std::string& name) {
    for (const auto& [known, figure] : figures) {
        if (known == name) return figure;
    }
    throw std::logic_error(fmt::format("plans know no figure {}", name));
}

std::string sentence(const QuotaState& state) {
    auto limit = state.limit.value_or(0);
    if (state.quota == Quota::own_queued_jobs)
        return fmt::format(
            "Your share of this workspace's {} is {}, and you have {}.",
            describe::name_of(Quota::queued_jobs), limit, state.used
        );
    return fmt::format(
        "This workspace may have {} of {} and has {}.", limit, describe::name_of(state.quota),
        state.used
    );
}

}  // namespace

std::map<std::string, Limits> read_plans(std::string_view yaml) {
    std::map<std::string, Limits> plans;
    try {
        for (const auto& plan : YAML::Load(std::string(yaml))) {
            auto& limits = plans[plan.first.as<std::string>()];
            for (const auto& figure : plan.second)
                limits.*figure_named(figure.first.as<std::string>()) =
                    figure.second.as<std::int64_t>();
        }
    } catch (const YAML::Exception& error) {
        throw std::logic_error(fmt::format("plans are no such YAML: {}", error.what()));
    }
    return plans;
}

Limits combined(const Limits& plan, const Limits& own) {
    Limits out = plan;
    for (const auto& [name, figure] : figures) {
        if (own.*figure) out.*figure = own.*figure;
    }
    return out;
}

std::optional<std::int64_t> share_of(std::optional<std::int64_t> limit, std::int64_t percent) {
    if (!limit || percent >= 100) return std::nullopt;
    return std::max<std::int64_t>(1, *limit * percent / 100);
}

QuotaExceeded::QuotaExceeded(QuotaState state)
    : Error(ErrorKind::quota_exceeded, "tenants.quota_exceeded", sentence(state)), state_(state) {}

}  // namespace afterresume::tenants
