#include "infra/sql/postgres_version.h"

#include "core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace afterresume::sql {

namespace {

constexpr int releases_of_a_major = 1'00'00;
constexpr std::array oldest_of_each{15'00'10, 16'00'06, 17'00'02};

bool is_supported(int version) {
    int major = version / releases_of_a_major;
    auto oldest = std::ranges::find(oldest_of_each, major, [](int server) {
        return server / releases_of_a_major;
    });
    if (oldest == oldest_of_each.end()) return version > oldest_of_each.back();
    return version >= *oldest;
}

}  // namespace

void require_supported(int version) {
    if (is_supported(version)) return;
    throw Error(
        ErrorKind::unavailable, "sql.version",
        fmt::format(
            "The database server is PostgreSQL {}.{}; 15.10, 16.6, 17.2 or a later release of "
            "these, or a later version, is needed.",
            version / releases_of_a_major, version % releases_of_a_major
        )
    );
}

}  // namespace afterresume::sql
