// Reports on the wire, with their limits.
#pragma once

#include "core/describe/notes.h"
#include "core/page.h"
#include "features/reporting/model.h"
#include "features/reporting/versions.h"

namespace afterresume::reporting {

struct AskReport {
    Kind kind = Kind::status;
    std::optional<LocalDate> from;
    std::optional<LocalDate> to;
    std::optional<std::int64_t> window_days;
};
BOOST_DESCRIBE_STRUCT(AskReport, (), (kind, from, to, window_days))

constexpr auto notes(AskReport*) {
    using namespace describe;
    return std::tuple{
        note(&AskReport::kind, "What to write"),
        note(
            &AskReport::from,
            "First local date; not beside window_days. The kind's usual window when neither is "
            "given"
        ),
        note(&AskReport::to, "Last local date; today when absent"),
        note(&AskReport::window_days, "How many days, counted back from `to`", range{1, 3'660}),
    };
}

struct ListReports {
    std::optional<Kind> kind;
    std::optional<std::int64_t> page_size;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListReports, (), (kind, page_size, cursor))

constexpr auto notes(ListReports*) {
    using namespace describe;
    return std::tuple{
        note(&ListReports::kind, "Of this kind"),
        note(
            &ListReports::page_size, "Reports on a page; 20 when absent",
            range{1, largest_page_size}
        ),
        note(&ListReports::cursor, "next_cursor of the page before", length{1, 100}),
    };
}

struct ReportPage {
    std::vector<Summary> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(ReportPage, (), (items, next_cursor))

struct EditLine {
    std::int64_t id = 0;
    std::string text;
};
BOOST_DESCRIBE_STRUCT(EditLine, (), (id, text))

constexpr auto notes(EditLine*) {
    using namespace describe;
    return std::tuple{
        note(&EditLine::id, "Of a line of this version"),
        note(&EditLine::text, "What it says instead; empty to leave it out", length{0, 2'000}),
    };
}

struct EditReport {
    Replacement<std::string> title;
    Replacement<documents::Theme> theme;
    Replacement<Status> status;
    std::vector<EditLine> lines;
};
BOOST_DESCRIBE_STRUCT(EditReport, (), (title, theme, status, lines))

constexpr auto notes(EditReport*) {
    using namespace describe;
    return std::tuple{
        note(&EditReport::title, "Its heading", length{1, 300}),
        note(&EditReport::theme, "How it looks as PDF and HTML"),
        note(&EditReport::status, "draft, or final"),
        note(
            &EditReport::lines,
            "Lines in your own words; they are kept when the report is made again", count{0, 500}
        ),
    };
}

struct Versions {
    std::vector<Summary> items;
};
BOOST_DESCRIBE_STRUCT(Versions, (), (items))

struct AskDiff {
    std::optional<std::int64_t> against;
};
BOOST_DESCRIBE_STRUCT(AskDiff, (), (against))

constexpr auto notes(AskDiff*) {
    using namespace describe;
    return std::tuple{note(
        &AskDiff::against, "Another report of yours; the version before when absent",
        range{1, (std::int64_t{1} << 53) - 1}
    )};
}

struct Diff : Differences {
    Id<Report> before;
    Id<Report> after;
};
BOOST_DESCRIBE_STRUCT(Diff, (Differences), (before, after))

}  // namespace afterresume::reporting
