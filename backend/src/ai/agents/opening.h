// How a message begins, and what of its words makes it an act: what `phrase` (statements.h) is made
// with. Internal to the agents; every view points into the caller's text.
#pragma once

#include "ai/agents/verbs.h"

#include <string>
#include <string_view>

namespace afterresume::agents {

// A text by its words, which spaces divide.
struct Opening {
    std::string_view text;

    // Empty beyond the last.
    std::string_view word(std::size_t index) const;
    // What follows that many words.
    std::string_view after(std::size_t count) const;
};

// Folded, without the punctuation that ends it.
std::string bare(std::string_view word);

// Without "I", "we", "I've", "Today I", "then", "successfully": a subject or filler before the
// verb.
std::string_view without_person(std::string_view text);

// Whether the verb that it begins with is rather a thing: "release notes", "log is full".
bool looks_like_noun_use(const Opening& opening, const Verb& verb);

std::string with_rest(std::string head, std::string_view rest);

// "add X" … "adds X and removes Y": verbs after "and" follow the first one's tense.
std::string in_past(std::string_view rest);

}  // namespace afterresume::agents
