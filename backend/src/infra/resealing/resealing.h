// What former keys sealed, sealed anew with the newest one, so that they can be dropped. Rows are
// gone through in bites, each a transaction of its own: whoever stops in the middle, or is killed,
// loses nothing, and whoever begins again passes by what is done.
#pragma once

#include "infra/sql/database.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace afterresume::resealing {

// By which key a thing is sealed: the newest, another that is known, none that is.
enum class Key : std::uint8_t { newest, former, unknown };

struct Resealed {
    Key was = Key::newest;
    // With the newest key, where a former one had sealed it.
    std::string sealed;
};
// Keys of 32 bytes, the newest first; `context` as in crypto::seal.
Resealed reseal(
    const std::vector<std::string>& keys, std::string_view sealed, std::string_view context
);

struct Tally {
    std::int64_t newest = 0;
    std::int64_t former = 0;
    std::int64_t unknown = 0;

    void add(Key key);
    void add(const Tally& other);
    bool operator==(const Tally&) const = default;
};

// A row as it is to be kept, where a former key had sealed it.
struct Anew {
    Key was = Key::newest;
    sql::Value sealed{};
};

// Rows of one table that hold something sealed.
struct Rows {
    // The first :limit of them past those of a Row, in the order of their key. A Row by default
    // stands before all.
    sql::Statement next;
    // :sealed in place of what the Row holds, unless another has changed that meanwhile.
    sql::Statement put;
    std::int64_t bite = 200;
};

// How many there are of each; with write access those of former keys are sealed anew. Runs as
// whoever sees all rows. `anew` tells of a Row what it is and becomes.
template <class Row, class Reseal>
Task<Tally> reseal_rows(sql::Database& database, sql::Access access, Rows rows, Reseal anew) {
    Tally tally;
    Row last;
    for (auto more = true; more;) {
        auto tx = database.begin_engine(access);
        auto found =
            co_await tx->template all<Row>(rows.next, last, sql::named("limit", rows.bite));
        for (const auto& row : found) {
            Anew becomes = anew(row);
            tally.add(becomes.was);
            if (becomes.was == Key::former && access == sql::Access::write)
                tx->defer(rows.put, row, sql::named("sealed", becomes.sealed));
        }
        if (access == sql::Access::write) co_await tx->commit();
        more = static_cast<std::int64_t>(found.size()) == rows.bite;
        if (more) last = std::move(found.back());
    }
    co_return tally;
}

}  // namespace afterresume::resealing
