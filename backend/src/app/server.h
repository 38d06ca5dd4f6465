// The running program: `up`, `serve`, `work` and `schedule`.
#pragma once

#include "infra/config/settings.h"

namespace afterresume::app {

// Workers fire schedules too; `scheduler` does nothing else.
enum class Part { everything, api, workers, scheduler };

// Runs until SIGINT or SIGTERM, then finishes what is in flight. Prints where to go, and the
// sign-up link while there is no owner. Throws Error when it cannot start.
void run_server(const config::Settings& settings, Part part);

}  // namespace afterresume::app
