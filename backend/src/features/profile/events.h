// What this slice tells the rest of the program.
#pragma once

#include <boost/describe/class.hpp>

#include <string>
#include <string_view>

namespace afterresume::profile {

// Recorded once per change, however much it changed.
struct ProfileChanged {
    static constexpr std::string_view event_name = "profile.changed";

    // "basics", the name of a section, or "resume" for the whole.
    std::string part;

    bool operator==(const ProfileChanged&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProfileChanged, (), (part))

}  // namespace afterresume::profile
