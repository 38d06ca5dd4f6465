// Where a line stands in what it rests on. Pure.
#pragma once

#include "features/profile/model.h"
#include "features/reporting/model.h"
#include "features/worklog/model.h"

#include <map>

namespace afterresume::reporting {

// What a line rests on, in its own words.
struct Proof {
    EvidenceKind kind = EvidenceKind::entry;
    std::optional<std::int64_t> id;
    // Where it can be read.
    std::string link;
    std::optional<LocalDate> occurred_on;
    // The passage that says it; null when it is no longer there.
    std::optional<std::string> quote;
};
BOOST_DESCRIBE_STRUCT(Proof, (), (kind, id, link, occurred_on, quote))

struct ProvenLine {
    std::int64_t id = 0;
    std::string heading;
    // In a résumé's JSON Resume document; null for a line that stands in no export.
    std::optional<std::string> pointer;
    std::string text;
    Verdict verdict = Verdict::verified;
    std::vector<std::string> words;
    std::int64_t evidence_count = 0;
    // The first of them.
    std::vector<Proof> evidence;
};
BOOST_DESCRIBE_STRUCT(
    ProvenLine, (), (id, heading, pointer, text, verdict, words, evidence_count, evidence)
)

struct Provenance {
    std::vector<ProvenLine> lines;
};
BOOST_DESCRIBE_STRUCT(Provenance, (), (lines))

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
