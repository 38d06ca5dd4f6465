#include "engine/jobs/shares.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace afterresume::jobs {

namespace {

using Open = std::vector<const Contender*>;

// The vtime to which `limit` jobs lift the open contenders: with the first k of them it is
// (limit + sum of weight * vtime) / sum of weight, and the least of these lifts nobody down.
double level_of(const Open& open, std::int64_t limit) {
    auto level = std::numeric_limits<double>::infinity();
    auto origin = open.front()->vtime;
    double weights = 0;
    double weighted = 0;
    for (const auto* contender : open) {
        auto weight = static_cast<double>(contender->weight);
        weights += weight;
        weighted += weight * (contender->vtime - origin);
        level = std::min(level, (static_cast<double>(limit) + weighted) / weights);
    }
    return origin + level;
}

std::int64_t jobs_up_to(double level, const Contender& contender) {
    // Sums of many fractions miss whole numbers by a little.
    constexpr double error = 1e-6;
    auto jobs = (level - contender.vtime) * static_cast<double>(contender.weight);
    return std::max<std::int64_t>(static_cast<std::int64_t>(std::ceil(jobs - error)), 0);
}

// Of who comes back: enough that a few heavy jobs are not forgotten between one and the next.
constexpr double most_ahead = 32;
// Of who was there. More than claims of several workers at once leave between two tenants; it
// matters only where somebody counts as present who has long been away.
constexpr double most_apart = 1'000;

}  // namespace

double turns_of(std::int64_t estimated_cost) {
    constexpr double cent = 10'000;
    return std::max(static_cast<double>(estimated_cost) / cent, 1.0);
}

void align(std::span<Contender> contenders, double clock) {
    auto base = std::numeric_limits<double>::infinity();
    auto furthest = clock;
    for (const auto& contender : contenders) {
        if (contender.active) base = std::min(base, contender.vtime);
        furthest = std::max(furthest, contender.vtime);
    }
    if (base == std::numeric_limits<double>::infinity()) base = furthest;
    for (auto& contender : contenders) {
        auto most = base + (contender.active ? most_apart : most_ahead);
        contender.vtime = std::clamp(contender.vtime, base, most);
    }
}

std::vector<std::int64_t> share_out(std::span<const Contender> contenders, std::int64_t limit) {
    std::vector<std::int64_t> shares(contenders.size());
    auto give = [&](const Contender& contender, std::int64_t jobs) {
        auto given = std::clamp<std::int64_t>(jobs, 0, limit);
        shares[static_cast<std::size_t>(&contender - contenders.data())] = given;
        limit -= given;
    };
    Open open;
    for (const auto& contender : contenders) open.push_back(&contender);
    while (!open.empty()) {
        auto level = level_of(open, limit);
        auto held_back = std::ranges::find_if(open, [&](const Contender* contender) {
            return contender->room && jobs_up_to(level, *contender) > *contender->room;
        });
        if (held_back == open.end()) {
            for (const auto* contender : open) give(*contender, jobs_up_to(level, *contender));
            break;
        }
        give(**held_back, *(*held_back)->room);
        open.erase(held_back);
    }
    return shares;
}

}  // namespace afterresume::jobs
