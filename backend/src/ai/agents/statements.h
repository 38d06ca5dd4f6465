// Turns what people jot down ("fix(ssr): support X (#12)") into what they would say of it
// afterwards
// ("Added support for X"). Says nothing that the text does not say.
#pragma once

#include "ai/agents/entry_analysis.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace afterresume::agents {

// Work that is worth a count, not a line of its own.
enum class Routine : std::uint8_t { none, dependencies, release, formatting, review, changelog };
BOOST_DESCRIBE_ENUM(Routine, none, dependencies, release, formatting, review, changelog)

struct Statement {
    std::string text;                  // without final stop; empty when the text tells nothing
    std::optional<std::string> scope;  // of a conventional commit
    WorkCategory category = WorkCategory::other;
    Routine routine = Routine::none;
    bool acts = false;  // opens with a verb of doing: fit for a résumé
    std::string lemma;  // of that verb
};

// What the entry around a subject tells about it.
struct Surroundings {
    bool learning = false;     // a note of something learned
    bool named_first = false;  // the first word is a name and keeps its capital
};

// The statement of one subject, heading or sentence.
Statement phrase(std::string_view subject, Surroundings around = {});

// What an entry says, main statement first, at most `most`. Plans and blockers are left out.
std::vector<Statement> statements(const EntryText& entry, std::size_t most = 1);

bool is_learning_note(const EntryText& entry);

// A statement with its measured result: "Cut X" + "This saves 2 h a week" → "Cut X, which saves 2 h
// a week".
std::string with_result(const std::string& statement, std::string_view result);

// Whether a sentence tells of work to come, or of something in the way.
enum class Outlook : std::uint8_t { done, next, blocked };
Outlook outlook_of(std::string_view sentence);

}  // namespace afterresume::agents
