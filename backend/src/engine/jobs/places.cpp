#include "engine/jobs/places.h"

namespace afterresume::jobs {

namespace {

// Longer than most transactions that enqueue take, and clocks of nodes differ.
constexpr std::chrono::seconds look_back{1};
// As long as most take.
constexpr std::chrono::milliseconds glance_back{50};
constexpr std::int64_t least_urgent = 3;

std::chrono::milliseconds depth_of(Look look) {
    if (look == Look::back) return look_back;
    return look == Look::glance ? glance_back : std::chrono::milliseconds(0);
}

std::map<std::int64_t, Timestamp> all_from(Timestamp since) {
    std::map<std::int64_t, Timestamp> fronts;
    for (std::int64_t priority = 0; priority <= least_urgent; ++priority) fronts[priority] = since;
    return fronts;
}

}  // namespace

std::optional<std::vector<Place>> Places::to_look_at(Look look) const {
    if (look == Look::everywhere) return std::nullopt;
    std::vector<Place> places;
    for (const auto& [key, known] : known_) {
        auto& place = places.emplace_back(key.first, key.second, known.vtime);
        for (const auto& [priority, since] : known.fronts)
            place.fronts.push_back({priority, since - depth_of(look)});
    }
    return places;
}

void Places::note(const std::vector<Sighting>& sightings, Look look, Timestamp now) {
    std::map<std::pair<QueueName, TenantId>, Known> seen;
    for (const auto& [contender, held, fronts, vtime] : sightings) {
        auto found = known_.find({contender.queue, contender.tenant_id});
        bool begins_anew = found == known_.end() || look == Look::everywhere;
        auto& known = seen[{contender.queue, contender.tenant_id}];
        if (found != known_.end()) known = found->second;
        if (begins_anew) known.fronts = all_from(now - look_back);
        for (const auto& [priority, since] : fronts) known.fronts[priority] = since;
        known.vtime = vtime;
        known.served = known.served && look != Look::everywhere;
    }
    if (look == Look::everywhere) {
        // Who was just served and has nothing left is likely to have more soon.
        std::erase_if(known_, [](const auto& one) { return !one.second.served; });
        for (auto& [key, known] : known_)
            known = {all_from(now - look_back), false, known.vtime, std::nullopt};
    }
    for (auto& [key, known] : seen) known_[key] = std::move(known);
}

// Where something is known it begins no later than what becomes ready now.
void Places::expect(const Spot& spot, Timestamp now) {
    known_.try_emplace(
        {spot.queue, spot.tenant_id}, Known{all_from(now - look_back), false, 0, std::nullopt}
    );
}

void Places::pass(const std::vector<Claimed>& claimed) {
    for (const auto& job : claimed) {
        auto& known = known_[{job.queue, job.tenant_id}];
        known.served = true;
        known.waits_with.reset();
        auto& front = known.fronts[job.priority];
        front = std::max(front, job.run_at);
    }
}

void Places::recall(Contender& contender) const {
    auto known = known_.find({contender.queue, contender.tenant_id});
    if (known == known_.end() || !known->second.waits_with) return;
    contender.vtime = std::max(contender.vtime, *known->second.waits_with);
    contender.active = true;
}

void Places::wait(const Contender& contender) {
    if (!contender.active)
        known_[{contender.queue, contender.tenant_id}].waits_with = contender.vtime;
}

double Places::clock(QueueName queue) const {
    auto found = clocks_.find(queue);
    return found == clocks_.end() ? 0 : found->second;
}

void Places::advance(const Charge& charge) {
    known_[{charge.queue, charge.tenant_id}].vtime = charge.vtime;
    auto& clock = clocks_[charge.queue];
    clock = std::max(clock, charge.vtime);
}

}  // namespace afterresume::jobs
