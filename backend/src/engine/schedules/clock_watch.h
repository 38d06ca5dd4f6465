// Tells whether the database's clock can be believed when it says that something is due. Pure.
#pragma once

#include "core/clock.h"
#include "engine/jobs/lease.h"

#include <optional>

namespace afterresume::schedules {

class ClockWatch {
public:
    enum class Verdict {
        fine,
        // The database's clock and ours are more than `tolerance` apart.
        apart,
        // It has been put forward by more than that, and may be put back.
        jumped,
    };
    static constexpr std::chrono::seconds tolerance{30};
    // After this long a jump is what time it is.
    static constexpr std::chrono::minutes settling{5};

    // `boot` is the steady clock against which jumps are seen. A clock that was put back is fine:
    // nothing is due because of it.
    Verdict look(Timestamp database, Timestamp host, jobs::BootTime boot);

private:
    struct Sight {
        Timestamp database;
        jobs::BootTime boot;
    };
    // When it was last believed.
    std::optional<Sight> believed_;
    std::optional<jobs::BootTime> strange_since_;
};

}  // namespace afterresume::schedules
