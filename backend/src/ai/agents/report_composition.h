// Writes a report from work log entries: chosen, ranked, de-duplicated and told in sentences. Pure;
// every line names the entries it rests on, and invents nothing.
#pragma once

#include "ai/agents/logged_entry.h"

#include <boost/describe.hpp>

#include <optional>
#include <string>
#include <vector>

namespace afterresume::agents {

enum class ReportKind : std::uint8_t { standup, status, summary, weekly, monthly, self_review };
BOOST_DESCRIBE_ENUM(ReportKind, standup, status, summary, weekly, monthly, self_review)

struct ReportRequest {
    ReportKind kind = ReportKind::status;
    LocalDate from;  // first day of the window
    LocalDate to;    // last day of the window
    std::optional<std::string> person;
    std::vector<LoggedEntry> entries;  // those outside of the window are ignored
};
BOOST_DESCRIBE_STRUCT(ReportRequest, (), (kind, from, to, person, entries))

struct ReportLine {
    std::string text;
    std::vector<std::string> evidence;  // entry ids, at least one
    // The figures in the text that were counted from the evidence rather than quoted from it; a
    // line that holds any is a computed one.
    std::vector<std::string> computed;
};
BOOST_DESCRIBE_STRUCT(ReportLine, (), (text, evidence, computed))

struct ReportSection {
    std::string heading;
    std::vector<ReportLine> lines;
};
BOOST_DESCRIBE_STRUCT(ReportSection, (), (heading, lines))

struct ReportDraft {
    std::string title;
    std::optional<ReportLine> intro;
    std::vector<ReportSection> sections;  // none is empty
};
BOOST_DESCRIBE_STRUCT(ReportDraft, (), (title, intro, sections))

// A window without entries gives a title and no sections.
ReportDraft compose_report(const ReportRequest& request);

}  // namespace afterresume::agents
