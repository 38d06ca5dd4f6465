// What the program says to a call, as tests read it.
#pragma once

#include "core/describe/traits.h"

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace afterresume::contract {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Answer {
    int status = 0;
    std::map<std::string, std::string> headers;
    std::string body;
    // From the whole request to the answer, which a stream comes after.
    std::chrono::nanoseconds took{0};

    // By RFC 6901 pointer; null where there is nothing.
    Json at(std::string_view pointer) const;
    std::string text(std::string_view pointer) const;
    std::int64_t number(std::string_view pointer) const;
    std::size_t count(std::string_view pointer) const;
    std::string header(const std::string& name) const;
};

}  // namespace afterresume::contract
