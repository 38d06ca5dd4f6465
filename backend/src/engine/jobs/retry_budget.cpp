#include "engine/jobs/retry_budget.h"

#include <fmt/format.h>

#include <algorithm>

namespace afterresume::jobs {

namespace {

constexpr std::size_t most_buckets = 100'000;
constexpr double refilled_a_second = RetryBudget::reserve / 60;

std::string name_of(TenantId tenant) { return fmt::format("tenant {}", tenant.value); }
std::string name_of(const std::string& provider) { return "provider " + provider; }

}  // namespace

void RetryBudget::earn(TenantId tenant, const std::string& provider, Timestamp now) {
    auto pay = [&](const std::string& name) {
        auto& bucket = at(name, now);
        bucket.tokens = std::min(bucket.tokens + earned, most);
    };
    pay(name_of(tenant));
    if (!provider.empty()) pay(name_of(provider));
}

bool RetryBudget::spend(TenantId tenant, const std::string& provider, Timestamp now) {
    auto& of_tenant = at(name_of(tenant), now);
    if (of_tenant.tokens < 1) return false;
    if (!provider.empty()) {
        auto& of_provider = at(name_of(provider), now);
        if (of_provider.tokens < 1) return false;
        of_provider.tokens -= 1;
    }
    of_tenant.tokens -= 1;
    return true;
}

// The reserve comes back with time, what is more was earned.
RetryBudget::Bucket& RetryBudget::at(const std::string& name, Timestamp now) {
    if (buckets_.size() >= most_buckets) forget_full();
    auto& bucket = buckets_.try_emplace(name, Bucket{reserve, now}).first->second;
    auto passed = std::max(std::chrono::duration<double>(now - bucket.at).count(), 0.0);
    if (bucket.tokens < reserve)
        bucket.tokens = std::min(bucket.tokens + passed * refilled_a_second, reserve);
    bucket.at = now;
    return bucket;
}

// They would begin with no less.
void RetryBudget::forget_full() {
    std::erase_if(buckets_, [](const auto& pair) { return pair.second.tokens >= reserve; });
}

}  // namespace afterresume::jobs
