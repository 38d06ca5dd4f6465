// What jobs are given, keep and result in, as the database has it: sealed with a key that the
// database does not have, so that no dump and no backup tells it. Bound to its place, so that none
// can be put into another's row.
#pragma once

#include "core/describe/traits.h"
#include "core/id.h"
#include "infra/resealing/resealing.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace afterresume::jobs {

class PayloadSeal {
public:
    // Leaves payloads as they are.
    PayloadSeal() = default;
    // 32 bytes each. The first seals, and each opens: those after it are former ones.
    explicit PayloadSeal(std::vector<std::string> keys) : keys_(std::move(keys)) {}

    // Takes and gives JSON text of one value. What of the job it is stands in `part`: nothing for
    // what it was given.
    std::string seal(
        TenantId tenant, const Uuid& job, std::string value, std::string_view part = {}
    ) const;
    // What was kept before there was a key comes back as it is. Error internal
    // "job.unreadable_payload" where no key opens it.
    std::string open(
        TenantId tenant, const Uuid& job, const std::string& kept, std::string_view part = {}
    ) const;
    // The same as a value; the same error.
    Json opened(TenantId tenant, const Uuid& job, Json kept, std::string_view part) const;
    // Nothing where no key opens it.
    std::optional<Json> try_opened(
        TenantId tenant, const Uuid& job, Json kept, std::string_view part
    ) const;

    // The same text under the newest key. What was kept before there was a key counts as sealed
    // with the newest.
    resealing::Resealed reseal(
        TenantId tenant, const Uuid& job, const std::string& kept, std::string_view part
    ) const;

private:
    std::optional<std::string> find(
        TenantId tenant, const Uuid& job, const std::string& kept, std::string_view part
    ) const;

    std::vector<std::string> keys_;
};

// The parts of a job that are sealed.
constexpr std::string_view result_part = "result";
inline std::string step_part(std::string_view name) { return "step " + std::string(name); }

}  // namespace afterresume::jobs
