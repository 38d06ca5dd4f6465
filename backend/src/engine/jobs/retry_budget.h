// Keeps retries a small part of all attempts, for each tenant and for each provider outside of the
// program, so that what fails everywhere at once is not asked for again everywhere at once. Token
// buckets in the manner of gRPC's retry throttling (gRFC A6): an attempt earns a part of a retry, a
// retry of a job or of a step costs one. Owned by the worker; used on its thread.
#pragma once

#include "core/clock.h"
#include "core/id.h"
#include "core/scope.h"

#include <string>
#include <unordered_map>

namespace afterresume::jobs {

class RetryBudget {
public:
    // Retries that one attempt earns.
    static constexpr double earned = 0.1;
    // What is there to begin with, and again a minute after it was used up.
    static constexpr double reserve = 10;
    static constexpr double most = 100;

    // An attempt begins. An empty provider means that it asks none.
    void earn(TenantId tenant, const std::string& provider, Timestamp now);
    // Whether what failed may be tried again as soon as its pause is over; pays for that with both
    // buckets, or with none.
    bool spend(TenantId tenant, const std::string& provider, Timestamp now);

private:
    struct Bucket {
        double tokens = reserve;
        Timestamp at;
    };
    Bucket& at(const std::string& name, Timestamp now);
    void forget_full();

    std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace afterresume::jobs
