// What a worker remembers between its claims of where jobs are ready, so that a claim need not walk
// over all that was claimed before it. A memory may be wrong or empty at any time; what it misses
// is found by looking everywhere.
#pragma once

#include "engine/jobs/doorbell.h"
#include "engine/jobs/tenant_queue.h"

#include <map>
#include <optional>
#include <vector>

namespace afterresume::jobs {

// Where a claim looks for ready jobs.
enum class Look {
    // From where the last claim of each tenant ended.
    onward,
    // From a moment before that, for what was enqueued at the same time and committed later.
    glance,
    // From longer before, for what became ready out of turn.
    back,
    // At all there is: the only way to find new tenants. Where an old transaction keeps PostgreSQL
    // from cleaning up, this walks over everything that was claimed since it began.
    everywhere,
};

class Places {
public:
    // Where to look; nothing is everywhere.
    std::optional<std::vector<Place>> to_look_at(Look look) const;
    // What was seen then.
    void note(const std::vector<Sighting>& sightings, Look look, Timestamp now);
    // Something became ready there at this moment: a look finds it without looking everywhere.
    void expect(const Spot& spot, Timestamp now);
    // What was claimed lies behind.
    void pass(const std::vector<Claimed>& claimed);

    // Whoever came back and waits since is counted as one who was there, with what it began with.
    void recall(Contender& contender) const;
    void wait(const Contender& contender);
    // How far the tenants of a queue had come when they were served.
    double clock(QueueName queue) const;
    void advance(const Charge& charge);

private:
    struct Known {
        // By priority.
        std::map<std::int64_t, Timestamp> fronts;
        // Since the last look everywhere.
        bool served = false;
        // As it was last seen or served.
        double vtime = 0;
        // The vtime with which it waits, until it is served.
        std::optional<double> waits_with;
    };

    std::map<std::pair<QueueName, TenantId>, Known> known_;
    std::map<QueueName, double> clocks_;
};

}  // namespace afterresume::jobs
