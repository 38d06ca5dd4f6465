// What a person wrote down about a day's work. Values and pure functions only.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"
#include "core/id.h"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <vector>

namespace afterresume::worklog {

enum class Source : std::uint8_t { web, cli, api, email, slack, github, import };
BOOST_DESCRIBE_ENUM(Source, web, cli, api, email, slack, github, import)

struct Entry {
    Id<Entry> id;
    LocalDate occurred_on;
    std::optional<std::string> title;
    std::string content;
    std::optional<std::string> outcome;
    std::optional<std::string> project;
    std::optional<std::int64_t> position_id;
    std::vector<std::string> tags;
    std::optional<std::int64_t> duration_minutes;
    // "private" or "tenant"; private is no identifier in C++.
    std::string visibility = "private";
    Source source = Source::api;
    std::optional<std::string> external_id;
    std::optional<RawJson> analysis;
    std::vector<std::string> skills;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(
    Entry, (),
    (id, occurred_on, title, content, outcome, project, position_id, tags, duration_minutes,
     visibility, source, external_id, analysis, skills, version, created_at, updated_at)
)

// The words a search finds an entry by, its owner's word among them.
std::vector<std::string> words_of(const Entry& entry, UserId owner);
std::string owner_word(UserId owner);

// A place in the list: everything older than this.
struct Place {
    LocalDate occurred_on{9999, 12, 31};
    std::int64_t id = INT64_MAX;
};
BOOST_DESCRIBE_STRUCT(Place, (), (occurred_on, id))

std::string cursor_of(const Place& last);
// Throws Error(malformed, "request.malformed_cursor").
Place place_of(const std::optional<std::string>& cursor);

// `text` with what a query's words matched, as UTF-8 byte spans.
struct Highlight {
    std::int64_t start = 0;
    std::int64_t end = 0;
};
BOOST_DESCRIBE_STRUCT(Highlight, (), (start, end))
std::vector<Highlight> highlights(const std::string& text, const std::vector<std::string>& words);

}  // namespace afterresume::worklog
