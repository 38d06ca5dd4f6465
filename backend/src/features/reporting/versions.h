// What one version of a report has to do with another: edits that live on, and what changed. Pure.
#pragma once

#include "features/reporting/model.h"

#include <set>

namespace afterresume::reporting {

// `fresh` with what its person changed in the version before. An edited line takes the place of the
// line that says what it said, or else has the same evidence; where there is none, it is added to
// its section as long as some of its evidence is in `known`. What has lost all of its evidence
// stays behind in the earlier version.
Content keep_edits(Content fresh, const Content& earlier, const std::set<Evidence>& known);

// Whether two versions say the same, with the same evidence and verdicts.
bool same_content(const Content& one, const Content& other);

enum class ChangeKind : std::uint8_t { added, removed, changed };
BOOST_DESCRIBE_ENUM(ChangeKind, added, removed, changed)

struct LineChange {
    ChangeKind change = ChangeKind::changed;
    std::string heading;
    std::optional<std::string> before;
    std::optional<std::string> after;

    bool operator==(const LineChange&) const = default;
};
BOOST_DESCRIBE_STRUCT(LineChange, (), (change, heading, before, after))

// A declared field of a résumé: its place in the JSON Resume document and its value as text.
struct FieldChange {
    ChangeKind change = ChangeKind::changed;
    std::string pointer;
    std::optional<std::string> before;
    std::optional<std::string> after;

    bool operator==(const FieldChange&) const = default;
};
BOOST_DESCRIBE_STRUCT(FieldChange, (), (change, pointer, before, after))

struct Differences {
    std::vector<LineChange> lines;
    std::vector<FieldChange> fields;
};
BOOST_DESCRIBE_STRUCT(Differences, (), (lines, fields))

// In the order of the later version, what is gone last. Lines of one evidence are the same line
// told anew.
Differences differences(const Content& before, const Content& after);

}  // namespace afterresume::reporting
