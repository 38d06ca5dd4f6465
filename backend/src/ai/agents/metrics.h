// Finds what was measured in one field of an entry: "cut p99 from 900 ms to 120 ms", "+15%", "3x
// faster".
#pragma once

#include "ai/agents/entry_analysis.h"
#include "ai/agents/markdown.h"

#include <vector>

namespace afterresume::agents {

// told: a record of work, where "saved $300" is a result. explained: a note for readers, where only
// changes count ("from 1 s to 20 s", "40% faster"), as its other figures are examples.
enum class Voice : std::uint8_t { told, explained };

// At most 20 per field, in order of appearance; inline code is not looked at.
std::vector<Metric> find_metrics(
    const PlainText& text, SourceField field, Voice voice = Voice::told
);

}  // namespace afterresume::agents
