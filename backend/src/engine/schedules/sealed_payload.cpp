#include "engine/schedules/sealed_payload.h"

#include "core/describe/reader.h"
#include "core/describe/writer.h"

#include <fmt/format.h>

namespace afterresume::schedules {

namespace {

// The column holds an object; what is sealed is the one value of one.
constexpr std::string_view name = "sealed";

std::string part_of(const Schedule& schedule) {
    return fmt::format("schedule {}", schedule.id.value);
}

}  // namespace

Schedule sealed(const jobs::PayloadSeal& seal, TenantId tenant, Schedule schedule) {
    auto text = describe::to_json(schedule.payload);
    auto kept = describe::parse_json(seal.seal(tenant, Uuid{}, std::move(text), part_of(schedule)));
    if (kept.is_string()) schedule.payload = JsonObject{{name, std::move(kept)}};
    return schedule;
}

Schedule opened(const jobs::PayloadSeal& seal, TenantId tenant, Schedule schedule) {
    const auto* kept = schedule.payload.if_contains(name);
    if (schedule.payload.size() != 1 || kept == nullptr || !kept->is_string()) return schedule;
    auto payload = seal.opened(tenant, Uuid{}, *kept, part_of(schedule));
    if (payload.is_object()) schedule.payload = std::move(payload.as_object());
    return schedule;
}

}  // namespace afterresume::schedules
