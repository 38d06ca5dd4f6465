// What the words of a sentence say of a figure: that it rose or fell. Internal to the agents.
#pragma once

#include "ai/agents/text.h"
#include "ai/agents/verbs.h"

#include <string>
#include <string_view>
#include <vector>

namespace afterresume::agents {

// Of one word: "faster", "reduction", "gesenkt", or a verb of change.
Change change_of(std::string_view folded);

// Of the words around the token `near`, the last one that says it.
Change change_near(const std::vector<Token>& tokens, std::size_t near);

// Empty beyond the last token.
std::string folded_word(const std::vector<Token>& tokens, std::size_t at);

}  // namespace afterresume::agents
