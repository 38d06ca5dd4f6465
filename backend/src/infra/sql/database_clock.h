// The time as all nodes of an installation have it: where there is a database server, its own. What
// one node makes due, late or over is so for the others, whatever their machines' clocks show.
#pragma once

#include "infra/sql/database.h"

#include <atomic>

namespace afterresume::sql {

class DatabaseClock final : public Clock {
public:
    // `own` is the machine's and must outlive it.
    explicit DatabaseClock(const Clock& own) : own_(own) {}

    // The machine's time until set_by() found it wrong.
    Timestamp now() const override { return own_.now() + ahead_.load(); }
    // Asks PostgreSQL for the time and goes by it from then on; gives by how much it is ahead of
    // the machine's. A difference of less than a tenth of a second is none, so that time runs
    // evenly where clocks are kept right. On SQLite there is only the machine's. Errors of the
    // database leave it as it is.
    Task<std::chrono::milliseconds> set_by(Database& database);

private:
    const Clock& own_;
    std::atomic<std::chrono::milliseconds> ahead_{};
};

}  // namespace afterresume::sql
