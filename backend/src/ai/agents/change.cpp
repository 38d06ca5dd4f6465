#include "ai/agents/change.h"

namespace afterresume::agents {

namespace {

constexpr std::size_t reach = 10;  // words between a verb of change and its figure

}  // namespace

Change change_of(std::string_view folded) {
    if (is_one_of(
            folded, {"faster", "improvement", "improvements", "increase", "more", "higher",
                     "better", "gain", "growth", "up", "larger", "schneller", "mehr", "erhoht",
                     "gesteigert", "verbessert", "rise"}
        )) {
        return Change::up;
    }
    if (is_one_of(
            folded, {"less", "fewer", "lower", "reduction", "decrease", "slower", "smaller", "drop",
                     "down", "savings", "saving", "shorter", "cheaper", "weniger", "reduziert",
                     "gesenkt", "verringert", "went"}
        )) {
        return folded == "went" ? Change::none : Change::down;
    }
    auto verb = find_verb(folded);
    return verb ? verb->verb->change : Change::none;
}

std::string folded_word(const std::vector<Token>& tokens, std::size_t at) {
    return at < tokens.size() ? fold(tokens[at].text) : std::string();
}

Change change_near(const std::vector<Token>& tokens, std::size_t near) {
    Change found = Change::none;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (i + reach < near) continue;
        if (i > near + 4) break;
        auto change =
            tokens[i].kind == TokenKind::word ? change_of(folded_word(tokens, i)) : Change::none;
        bool compares = folded_word(tokens, i + 1) == "than" && i < near;
        bool particle =
            is_one_of(folded_word(tokens, i), {"up", "down", "more", "better"}) && i < near;
        if (change == Change::none || compares || particle) continue;
        found = change;
    }
    return found;
}

}  // namespace afterresume::agents
