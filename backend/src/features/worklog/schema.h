// What goes over the wire, with its limits. OpenAPI and validation read this and nothing else.
#pragma once

#include "core/describe/notes.h"
#include "core/page.h"
#include "features/worklog/model.h"

namespace afterresume::worklog {

enum class Shown : std::uint8_t { mine, shared };
BOOST_DESCRIBE_ENUM(Shown, mine, shared)

struct CreateEntry {
    std::optional<LocalDate> occurred_on;
    std::string content;
    std::optional<std::string> title;
    std::optional<std::string> outcome;
    std::optional<std::string> project;
    std::optional<std::int64_t> position_id;
    std::vector<std::string> tags;
    std::optional<std::int64_t> duration_minutes;
    std::optional<std::string> visibility;
    std::optional<Source> source;
    std::optional<std::string> external_id;
};
BOOST_DESCRIBE_STRUCT(
    CreateEntry, (),
    (occurred_on, content, title, outcome, project, position_id, tags, duration_minutes, visibility,
     source, external_id)
)

template <class Fields>
constexpr auto entry_notes() {
    using namespace describe;
    return std::tuple{
        note(&Fields::occurred_on, "Local date of the work; today when absent"),
        note(&Fields::content, "What was done, in Markdown", length{1, 20'000}),
        note(&Fields::title, "A short heading", length{0, 200}),
        note(&Fields::outcome, "What it changed, best with a number", length{0, 2'000}),
        note(&Fields::project, "The project it belongs to", length{0, 200}),
        note(
            &Fields::position_id, "The position it was done in; found by its date when absent",
            range{1, (std::int64_t{1} << 53) - 1}
        ),
        note(&Fields::tags, "Short labels", count{0, 20}, each{length{1, 40}}),
        note(&Fields::duration_minutes, "How long it took", range{0, 14'400}),
        note(
            &Fields::visibility, "private, or tenant to let all members read it",
            one_of{"private, tenant"}
        ),
    };
}

constexpr auto notes(CreateEntry*) {
    using namespace describe;
    return std::tuple_cat(
        entry_notes<CreateEntry>(),
        std::tuple{
            note(&CreateEntry::source, "Where it comes from"),
            note(
                &CreateEntry::external_id, "Its id there; the same one is never taken twice",
                length{1, 200}
            ),
        }
    );
}

struct EditEntry {
    Replacement<LocalDate> occurred_on;
    Replacement<std::string> content;
    Change<std::string> title;
    Change<std::string> outcome;
    Change<std::string> project;
    Change<std::int64_t> position_id;
    Replacement<std::vector<std::string>> tags;
    Change<std::int64_t> duration_minutes;
    Replacement<std::string> visibility;
};
BOOST_DESCRIBE_STRUCT(
    EditEntry, (),
    (occurred_on, content, title, outcome, project, position_id, tags, duration_minutes, visibility)
)
constexpr auto notes(EditEntry*) { return entry_notes<EditEntry>(); }

// An entry and the jobs that work on it.
struct WrittenEntry : Entry {
    std::vector<Uuid> job_ids;
};
BOOST_DESCRIBE_STRUCT(WrittenEntry, (Entry), (job_ids))

struct ListEntries {
    std::int64_t page_size = default_page_size;
    std::optional<std::string> cursor;
    std::optional<LocalDate> from;
    std::optional<LocalDate> to;
    std::optional<std::string> tag;
    std::optional<std::string> project;
    std::optional<std::int64_t> position_id;
    std::optional<std::string> skill;
    std::optional<Source> source;
    std::optional<std::string> q;
    std::optional<Shown> show;

    bool plain() const {
        return !from && !to && !tag && !project && !position_id && !skill && !source && !q && !show;
    }
};
BOOST_DESCRIBE_STRUCT(
    ListEntries, (),
    (page_size, cursor, from, to, tag, project, position_id, skill, source, q, show)
)

constexpr auto notes(ListEntries*) {
    using namespace describe;
    return std::tuple{
        note(&ListEntries::page_size, "Entries on a page", range{1, largest_page_size}),
        note(&ListEntries::cursor, "next_cursor of the page before", length{1, 100}),
        note(&ListEntries::from, "First date"),
        note(&ListEntries::to, "Last date"),
        note(&ListEntries::tag, "With this tag", length{1, 40}),
        note(&ListEntries::project, "Of this project", length{1, 200}),
        note(&ListEntries::position_id, "Of this position"),
        note(&ListEntries::skill, "That show this skill, by its slug", length{1, 100}),
        note(&ListEntries::source, "From this source"),
        note(&ListEntries::q, "With all of these words", length{1, 500}),
        note(&ListEntries::show, "mine, or what other members share with the tenant"),
    };
}

// An entry in a list; with a query, where its words stand in the content.
struct ListedEntry : Entry {
    std::vector<Highlight> highlights;
};
BOOST_DESCRIBE_STRUCT(ListedEntry, (Entry), (highlights))

struct EntryPage {
    JsonList<ListedEntry> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(EntryPage, (), (items, next_cursor))

}  // namespace afterresume::worklog
