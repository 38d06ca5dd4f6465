#include "api/limit_buckets.h"

#include <algorithm>
#include <cmath>

namespace afterresume::api {

namespace {

constexpr std::size_t most_buckets = 200'000;
constexpr auto tidies_every = std::chrono::seconds(1);
// What adding up fractions may lose.
constexpr double slack = 1e-6;

}  // namespace

void Bucket::run_out(Time now) {
    auto passed = std::chrono::duration<double>(now - at).count();
    level = std::max(0.0, level - passed * limit.rate);
    at = now;
}

bool Bucket::has_room() const { return level + 1 <= limit.burst + slack; }

void Bucket::fill(std::int64_t count) { level = std::max(0.0, level + static_cast<double>(count)); }

Allowance Bucket::allowance(bool allowed) const {
    Allowance out;
    out.allowed = allowed;
    out.limit = static_cast<std::int64_t>(limit.burst);
    if (allowed)
        out.remaining = static_cast<std::int64_t>(std::max(0.0, limit.burst - level) + slack);
    auto wanted = allowed ? level : std::max(slack, level + 1 - limit.burst);
    out.reset = static_cast<std::int64_t>(std::ceil(wanted / limit.rate));
    return out;
}

std::pair<const std::string, Bucket>& Buckets::open(
    const std::string& name, Limit limit, Bucket::Time now
) {
    if (buckets_.size() >= most_buckets && !buckets_.contains(name)) make_room(now);
    auto& named = *buckets_.try_emplace(name, Bucket{limit, 0, now}).first;
    named.second.run_out(now);
    named.second.limit = limit;
    return named;
}

std::pair<const std::string, Bucket>* Buckets::find(const std::string& name) {
    auto found = buckets_.find(name);
    return found == buckets_.end() ? nullptr : &*found;
}

void Buckets::make_room(Bucket::Time now) {
    if (now - tidied_at_ >= tidies_every) {
        tidied_at_ = now;
        std::erase_if(buckets_, [&](const auto& named) {
            auto bucket = named.second;
            bucket.run_out(now);
            return bucket.level == 0 && bucket.rounds == 0;
        });
    }
    if (buckets_.size() < most_buckets) return;
    auto any =
        std::ranges::find_if(buckets_, [](const auto& named) { return named.second.rounds == 0; });
    if (any != buckets_.end()) buckets_.erase(any);
}

}  // namespace afterresume::api
