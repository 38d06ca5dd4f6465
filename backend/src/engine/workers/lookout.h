// When a worker looks where for jobs, and since when what is due has been made ready. A look
// everywhere is cheap, unless an old transaction keeps PostgreSQL from cleaning up: then it walks
// over all that was claimed since, and a look back over what was claimed in the time it goes back.
// So both are rationed, and what was known before serves in between.
// Pure; owned by a desk.
#pragma once

#include "engine/jobs/places.h"
#include "engine/workers/ration.h"

#include <chrono>

namespace afterresume::workers {

class Lookout {
public:
    using Steady = std::chrono::steady_clock::time_point;

    // `has_room`: whether the last claim could have taken more than it got.
    jobs::Look next(bool has_room, Steady now) const;
    // Of jobs whose time came before this, none is left to be made ready, as far as this look goes.
    Timestamp due_since(jobs::Look look) const;
    // A claim with that look took from `begun` to `now`; `at` is what it took for the present.
    void looked(jobs::Look look, Steady begun, Steady now, Timestamp at);
    // The next look is everywhere, whatever the last ones took.
    void demand_everywhere();
    // How long a worker that found nothing may sleep: not past a look that was put off.
    std::chrono::milliseconds sleep(std::chrono::milliseconds longest, Steady now) const;

private:
    // What became ready out of turn is looked for ten times a second at most.
    Ration back_{std::chrono::milliseconds(100), std::chrono::seconds(1)};
    Ration everywhere_{std::chrono::milliseconds(0), std::chrono::minutes(5)};
    jobs::Look last_ = jobs::Look::everywhere;
    Timestamp promoted_{};
};

}  // namespace afterresume::workers
