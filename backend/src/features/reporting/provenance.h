// Where a line stands in what it rests on. Pure.
#pragma once

#include "features/profile/model.h"
#include "features/reporting/schema.h"
#include "features/worklog/model.h"

#include <map>

namespace afterresume::reporting {

// The sentence or line of `text` that shares most words with `line`; at most 300 code points.
std::string passage_of(std::string_view text, std::string_view line);

// What a report's lines may rest on, as it is now.
struct Sources {
    std::map<std::int64_t, worklog::Entry> entries;
    profile::Profile profile;
};

// Each line with the first `most` of its pieces of evidence.
Provenance provenance_of(const Content& content, const Sources& sources, std::size_t most);

}  // namespace afterresume::reporting
