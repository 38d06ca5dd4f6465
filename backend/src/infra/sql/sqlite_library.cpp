#include "infra/sql/sqlite_library.h"

#include <sqlite3.h>

#include <mutex>

namespace afterresume::sql {

void set_up_sqlite() {
    static std::once_flag once;
    // Statistics that nobody reads would make all threads share one lock at each allocation.
    std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

}  // namespace afterresume::sql
