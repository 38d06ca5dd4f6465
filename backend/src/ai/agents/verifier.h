// Checks a generated line against what it rests on, word by word and without a model. Pure and
// deterministic; owns nothing.
#pragma once

#include "ai/agents/logged_entry.h"

#include <boost/describe.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace afterresume::agents {

enum class VerdictKind : std::uint8_t { verified, unverified };
BOOST_DESCRIBE_ENUM(VerdictKind, verified, unverified)

struct Verdict {
    VerdictKind kind = VerdictKind::verified;
    std::vector<std::string> words;  // what the evidence does not hold, as written in the line
};
BOOST_DESCRIBE_STRUCT(Verdict, (), (kind, words))

// A line is verified when in its evidence occur
//  - every number, with a unit of the same size (1,000 = 1000, 40% = 40 percent, 2 min = 120 s,
//  three = 3);
//  - every change "from A to B" in that order; "doubled", "halved" with a change of that size;
//  - every date, version, identifier, and capitalised name, folded and stemmed (March 2024 =
//  2024-03);
//  - every word of rank ("senior", "director") and every thing it says was used ("using X", "with
//  X");
//  - at least 80 % of the remaining words that carry meaning, by stem. Verbs are free, except that
//  a line
//    may not say something rose where its evidence only says that things fell, or the reverse.
// `computed`: figures that were counted from the evidence; a line with any may use words of its own
// around them.
Verdict verify_line(
    std::string_view line, std::span<const Evidence> evidence,
    std::span<const std::string> computed = {}
);

}  // namespace afterresume::agents
