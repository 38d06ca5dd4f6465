// Reads one work log entry: what was achieved, measured and learned. Pure and deterministic;
// offsets are UTF-8 bytes into the field that they name.
#pragma once

#include "core/clock.h"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace afterresume::agents {

struct EntryText {
    std::optional<std::string> title;
    std::string content;  // Markdown
    std::optional<std::string> outcome;
    std::vector<std::string> tags;
    LocalDate date;
};
BOOST_DESCRIBE_STRUCT(EntryText, (), (title, content, outcome, tags, date))

enum class SourceField : std::uint8_t { title, content, outcome };
BOOST_DESCRIBE_ENUM(SourceField, title, content, outcome)

enum class MetricDirection : std::uint8_t { none, up, down };
BOOST_DESCRIBE_ENUM(MetricDirection, none, up, down)

struct Metric {
    std::string
        metric;  // what was measured, as written; "time" and the like when the text does not say
    std::optional<double> from;
    std::optional<double> to;
    std::optional<double> value;
    std::string unit;
    MetricDirection direction = MetricDirection::none;
    std::optional<double> ratio;  // after / before; 0.6 for "reduced by 40%", 3 for "3x"
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::string text;
    SourceField field = SourceField::content;
};
BOOST_DESCRIBE_STRUCT(
    Metric, (), (metric, from, to, value, unit, direction, ratio, start, end, text, field)
)

struct OutcomeSentence {
    std::string text;
    std::int64_t start = 0;
    std::int64_t end = 0;
    SourceField field = SourceField::content;
};
BOOST_DESCRIBE_STRUCT(OutcomeSentence, (), (text, start, end, field))

struct ActionVerb {
    std::string lemma;
    std::string kind;           // built, fixed, improved, led, …
    std::int64_t strength = 1;  // 1 routine, 2 solid, 3 strong
};
BOOST_DESCRIBE_STRUCT(ActionVerb, (), (lemma, kind, strength))

enum class WorkCategory : std::uint8_t {
    feature,
    fix,
    performance,
    security,
    documentation,
    test,
    refactoring,
    operations,
    maintenance,
    learning,
    research,
    design,
    meeting,
    leadership,
    teaching,
    support,
    sales,
    finance,
    care,
    other
};
BOOST_DESCRIBE_ENUM(
    WorkCategory, feature, fix, performance, security, documentation, test, refactoring, operations,
    maintenance, learning, research, design, meeting, leadership, teaching, support, sales, finance,
    care, other
)

struct EntryAnalysis {
    std::string summary;
    std::vector<OutcomeSentence> outcomes;
    std::vector<Metric> metrics;
    std::vector<ActionVerb> verbs;
    WorkCategory category = WorkCategory::other;
    std::int64_t impact = 0;  // 0 to 100
    std::optional<std::string> suggestion;
};
BOOST_DESCRIBE_STRUCT(
    EntryAnalysis, (), (summary, outcomes, metrics, verbs, category, impact, suggestion)
)

// Impact = 10 + 6 · strength of the strongest verb (0 to 3) + 20 when an outcome is told + 20 for
// the first metric and 4 for each further (at most 32) + up to 12 for the size of the best ratio +
// weight of the category (-5 to 8) + up to 8 for detail; housekeeping is capped at 8.
EntryAnalysis analyse_entry(const EntryText& entry);

}  // namespace afterresume::agents
