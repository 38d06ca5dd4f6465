#include "engine/jobs/id_time.h"

#include <algorithm>

namespace afterresume::jobs {

// The first 48 bits of RFC 9562 version 7 are Unix milliseconds, and no id is from before 1970.
Uuid least_id(Timestamp time) {
    auto milliseconds =
        static_cast<std::uint64_t>(std::max(time, Timestamp{}).time_since_epoch().count());
    Uuid id;
    for (int i = 0; i < 6; ++i)
        id.bytes[static_cast<std::size_t>(i)] =
            static_cast<std::uint8_t>(milliseconds >> (8 * (5 - i)));
    return id;
}

}  // namespace afterresume::jobs
