#include "workflows/built_in_schedules.h"

namespace afterresume::workflows {

std::vector<schedules::BuiltIn> built_in_schedules() {
    return {
        {"maintenance.cleanup", "30 3 * * *"},
        {"tenant.purge", "20 * * * *"},
    };
}

}  // namespace afterresume::workflows
