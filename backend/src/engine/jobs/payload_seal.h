// What jobs are given, as the database keeps it: sealed with a key that the database does not have,
// so that no dump and no backup tells it. Bound to its job, so that none can be put into another's
// row.
#pragma once

#include "core/id.h"

#include <string>
#include <vector>

namespace afterresume::jobs {

class PayloadSeal {
public:
    // Leaves payloads as they are.
    PayloadSeal() = default;
    // 32 bytes each. The first seals, and each opens: those after it are former ones.
    explicit PayloadSeal(std::vector<std::string> keys) : keys_(std::move(keys)) {}

    // Takes and gives JSON text of one value.
    std::string seal(TenantId tenant, const Uuid& job, std::string payload) const;
    // What was kept before there was a key comes back as it is. Error internal
    // "job.unreadable_payload" where no key opens it.
    std::string open(TenantId tenant, const Uuid& job, const std::string& kept) const;

private:
    std::vector<std::string> keys_;
};

}  // namespace afterresume::jobs
