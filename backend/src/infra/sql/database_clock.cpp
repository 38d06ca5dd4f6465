#include "infra/sql/database_clock.h"

namespace afterresume::sql {

namespace {

constexpr std::chrono::milliseconds tolerance{100};

}  // namespace

Task<std::chrono::milliseconds> DatabaseClock::set_by(Database& database) {
    static constexpr Statement statement{"clock.ask", "SELECT clock_timestamp()"};
    auto tx = database.begin_engine(Access::read);
    if (tx->dialect() == Dialect::sqlite) co_return std::chrono::milliseconds(0);
    auto asked = own_.now();
    auto there = co_await tx->one<Timestamp>(statement);
    auto answered = own_.now();
    // It was that time at some moment in between.
    auto unsure = (answered - asked) / 2;
    auto ahead = there - asked - unsure;
    auto changed = ahead - ahead_.load();
    if (std::chrono::abs(changed) > tolerance + unsure) {
        auto is_right = std::chrono::abs(ahead) <= tolerance + unsure;
        ahead_ = is_right ? std::chrono::milliseconds(0) : ahead;
    }
    co_return ahead_.load();
}

}  // namespace afterresume::sql
