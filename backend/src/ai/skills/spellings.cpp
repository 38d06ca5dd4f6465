#include "ai/skills/spellings.h"

#include <algorithm>

#include "ai/skills/folding.h"

namespace afterresume::skill_matching {

namespace {

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t position = 0; (position = text.find(from, position)) != std::string::npos;) {
        text.replace(position, from.size(), to);
        position += to.size();
    }
    return text;
}

bool is_letter(char letter) { return letter >= 'a' && letter <= 'z'; }

std::string singular(std::string_view text) {
    bool one_short_word = text.size() < 9 && text.find(' ') == std::string_view::npos;
    if (one_short_word || !text.ends_with('s')) return {};
    if (text.ends_with("ss") || text.ends_with("us") || text.ends_with("sis") ||
        text.ends_with("ics"))
        return {};
    if (text.ends_with("ies")) return std::string(text.substr(0, text.size() - 3)) + "y";
    if (text.ends_with("sses") || text.ends_with("shes") || text.ends_with("ches") ||
        text.ends_with("xes")) {
        return std::string(text.substr(0, text.size() - 2));
    }
    return std::string(text.substr(0, text.size() - 1));
}

// "machine learning" may be written in one word, "r language" and "a b" may not.
std::string joined(std::string_view text) {
    auto space = text.find(' ');
    if (space == std::string_view::npos || text.find(' ', space + 1) != std::string_view::npos)
        return {};
    if (space < 3 || text.size() < 8) return {};
    return replaced(std::string(text), " ", "");
}

void add_sign_spellings(std::vector<std::string>& spellings, const std::string& base) {
    if (base.starts_with('.')) spellings.push_back(". " + base.substr(1));
    if (base.size() == 2 && base.ends_with('#')) spellings.push_back({base[0], ' ', '#'});
    if (base == "c++") spellings.insert(spellings.end(), {"c ++", "c + +"});
    auto dot = base.find('.');
    if (dot != std::string::npos && dot > 0 && dot + 1 < base.size() && is_letter(base[dot + 1])) {
        spellings.push_back(replaced(base, ".", ""));
        spellings.push_back(replaced(base, ".", " "));
        spellings.push_back(replaced(base, ".", " ."));
    }
    auto slash = base.find('/');
    if (slash != std::string::npos && base.find(' ') == std::string::npos) {
        spellings.push_back(replaced(base, "/", " / "));
    }
    if (base.find(" & ") != std::string::npos) spellings.push_back(replaced(base, " & ", " and "));
    if (base.find(" and ") != std::string::npos)
        spellings.push_back(replaced(base, " and ", " & "));
}

}  // namespace

std::vector<std::string> spellings_of(std::string_view name, Kind kind) {
    auto base = fold(name);
    std::vector<std::string> spellings{base};
    add_sign_spellings(spellings, base);
    if (auto one_word = joined(base); !one_word.empty()) spellings.push_back(one_word);
    if (kind == Kind::concept_) {
        for (std::string_view american : {"ization", "izing", "ize "}) {
            auto british = replaced(std::string(american), "iz", "is");
            if (base.find(american) != std::string::npos)
                spellings.push_back(replaced(base, american, british));
        }
        if (auto one = singular(base); !one.empty()) spellings.push_back(one);
    }
    return spellings;
}

}  // namespace afterresume::skill_matching
