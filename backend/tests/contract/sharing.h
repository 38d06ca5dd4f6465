// What the suites of share links have in common.
#pragma once

#include "fixture.h"

#include <fmt/format.h>

namespace afterresume::contract {

// What of an answer is the same for whoever asks: all but its correlation id.
inline std::string said(const Answer& answer) {
    auto out = fmt::format("{}\n{}\n", answer.status, answer.body);
    for (const auto& [name, value] : answer.headers) out += name + ": " + value + "\n";
    auto mine = answer.header("X-Correlation-ID");
    for (auto at = out.find(mine); at != std::string::npos; at = out.find(mine))
        out.erase(at, mine.size());
    return out;
}

}  // namespace afterresume::contract
