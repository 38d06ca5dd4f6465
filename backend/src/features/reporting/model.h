// A report or résumé: sections of lines, each line with what it rests on. Values only.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"
#include "core/id.h"
#include "infra/documents/render.h"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace afterresume::reporting {

enum class Kind : std::uint8_t { standup, status, summary, weekly, monthly, self_review, resume };
BOOST_DESCRIBE_ENUM(Kind, standup, status, summary, weekly, monthly, self_review, resume)

enum class Status : std::uint8_t { draft, final };
BOOST_DESCRIBE_ENUM(Status, draft, final)

// verified: its evidence holds all that it says. edited: by its person. unverified: some words are
// in no evidence.
enum class Verdict : std::uint8_t { verified, edited, unverified };
BOOST_DESCRIBE_ENUM(Verdict, verified, edited, unverified)

enum class EvidenceKind : std::uint8_t { entry, position, project, profile };
BOOST_DESCRIBE_ENUM(EvidenceKind, entry, position, project, profile)

struct Evidence {
    EvidenceKind kind = EvidenceKind::entry;
    // Of the profile as a whole there is none.
    std::optional<std::int64_t> id;

    auto operator<=>(const Evidence&) const = default;
};
BOOST_DESCRIBE_STRUCT(Evidence, (), (kind, id))

struct Line {
    // Unique within one version.
    std::int64_t id = 0;
    // Plain text. Empty: its person wants it left out.
    std::string text;
    Verdict verdict = Verdict::verified;
    // What no evidence holds, as written in the text.
    std::vector<std::string> words;
    std::vector<Evidence> evidence;
    // What an edited line said before its person changed it.
    std::optional<std::string> original;
};
BOOST_DESCRIBE_STRUCT(Line, (), (id, text, verdict, words, evidence, original))

struct Section {
    // Empty for the opening words of a report.
    std::string heading;
    // Of a résumé: where the lines belong in the JSON Resume document (RFC 6901); /basics/summary
    // takes one text, any other place a list of texts.
    std::optional<std::string> pointer;
    // The item that holds the place is no declared one, and goes when no line of it is left.
    bool found = false;
    std::vector<Line> lines;
};
BOOST_DESCRIBE_STRUCT(Section, (), (heading, pointer, found, lines))

struct Content {
    std::vector<Section> sections;
    // Of a résumé: the JSON Resume document without what the sections hold. Empty for other kinds.
    JsonObject resume;
};
BOOST_DESCRIBE_STRUCT(Content, (), (sections, resume))

struct Report;

struct Summary {
    Id<Report> id;
    Kind kind = Kind::status;
    std::optional<LocalDate> from;
    std::optional<LocalDate> to;
    std::string title;
    documents::Theme theme = documents::Theme::classic;
    Status status = Status::draft;
    // "rules", or a model and its prompt's version.
    std::string generator;
    // Counts the versions of this report.
    std::int64_t number = 1;
    std::optional<Id<Report>> supersedes;
    // Whether there is a newer version.
    bool superseded = false;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(
    Summary, (),
    (id, kind, from, to, title, theme, status, generator, number, supersedes, superseded, version,
     created_at, updated_at)
)

struct Report : Summary {
    Content content;
};
BOOST_DESCRIBE_STRUCT(Report, (Summary), (content))

struct Counts {
    std::int64_t lines = 0;
    std::int64_t unverified = 0;
};
Counts count_lines(const Content& content);

// Numbers the lines 1, 2, 3 …
void number_lines(Content& content);

// Whether exports hold the line: it says something, and nothing that no evidence holds.
bool is_exported(const Line& line);

enum class Unverified : std::uint8_t { left_out, included };

// Without lines that are left out and sections that have none.
Content shown(Content content, Unverified unverified);

}  // namespace afterresume::reporting
