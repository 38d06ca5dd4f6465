#include "ai/agents/opening.h"

#include "ai/agents/text.h"
#include "core/text.h"

#include <algorithm>
#include <array>

namespace afterresume::agents {

namespace {

using namespace std::string_view_literals;

constexpr std::array fillers{
    "i"sv,
    "we"sv,
    "i've"sv,
    "we've"sv,
    "i'm"sv,
    "today"sv,
    "yesterday"sv,
    "then"sv,
    "also"sv,
    "finally"sv,
    "successfully"sv,
    "just"sv,
    "please"sv,
    "team"sv,
    "have"sv,
    "this morning"sv,
    "this afternoon"sv,
    "this week"sv,
    "this commit"sv,
    "this pr"sv,
    "this change"sv,
    "this patch"sv,
    "spent"sv,
    "now"sv,
    "was able to"sv,
    "were able to"sv,
    "managed to"sv,
    "ich habe"sv,
    "wir haben"sv
};

bool is_named_by_identifier(std::string_view word) {
    auto all = tokens(word);
    return !all.empty() && all[0].kind == TokenKind::identifier;
}

// What follows the filler, when that leads to a verb.
std::string_view without_filler(std::string_view text, std::string_view filler) {
    if (!starts_with_word(text, filler) || text.size() <= filler.size()) return text;
    auto rest = text.substr(filler.size());
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == ',')) rest.remove_prefix(1);
    auto next = bare(Opening{rest}.word(0));
    auto is_verb = find_verb(next).has_value();
    bool is_weak = filler == "spent" || filler == "have";
    bool leads = is_verb || std::find(fillers.begin(), fillers.end(), next) != fillers.end();
    bool adverb_then_verb =
        next.ends_with("ly") && find_verb(bare(Opening{rest}.word(1))).has_value();
    if (is_weak) return is_verb ? rest : text;
    return leads || adverb_then_verb ? rest : text;
}

}  // namespace

std::string_view Opening::word(std::size_t index) const {
    std::size_t at = 0;
    for (;; --index) {
        auto space = std::min(text.find(' ', at), text.size());
        if (index == 0) return text.substr(at, space - at);
        if (space == text.size()) return {};
        at = space + 1;
    }
}

std::string_view Opening::after(std::size_t count) const {
    auto rest = text;
    for (; count > 0 && !rest.empty(); --count) {
        auto space = rest.find(' ');
        rest = space == std::string_view::npos ? std::string_view() : trim(rest.substr(space + 1));
    }
    return rest;
}

std::string bare(std::string_view word) {
    while (!word.empty() && std::string_view(",.:;!").find(word.back()) != std::string_view::npos)
        word.remove_suffix(1);
    return fold(word);
}

std::string_view without_person(std::string_view text) {
    for (bool again = true; again;) {
        again = false;
        for (auto filler : fillers) {
            auto rest = without_filler(text, filler);
            again = again || rest.size() < text.size();
            text = rest;
        }
    }
    return text;
}

bool looks_like_noun_use(const Opening& opening, const Verb& verb) {
    auto next = opening.word(1);
    if (next.empty()) return true;
    auto folded = bare(next);
    if (is_one_of(
            folded, {"does", "is", "are", "was", "were", "has", "can", "will", "should", "must",
                     "did", "doesn't", "isn't", "not"}
        ))
        return true;
    if (!verb.ambiguous) return false;
    bool object = is_determiner(folded) || is_upper_first(next) || is_named_by_identifier(next) ||
                  folded.ends_with("ed") || folded.ends_with("ly") || next[0] == '\'' ||
                  next[0] == '"';
    // "group notes by keyword", "display warning when …".
    auto third = bare(opening.word(2));
    return !object && third != "by" && third != "when" && third != "if";
}

std::string with_rest(std::string head, std::string_view rest) {
    if (!rest.empty()) {
        head += ' ';
        head += rest;
    }
    return head;
}

std::string in_past(std::string_view rest) {
    std::string out;
    bool after_and = false;
    std::size_t at = 0;
    while (at < rest.size()) {
        auto space = std::min(rest.find(' ', at), rest.size());
        auto word = rest.substr(at, space - at);
        auto next =
            space < rest.size() ? Opening{rest.substr(space + 1)}.word(0) : std::string_view();
        auto verb = after_and ? find_verb(word) : std::nullopt;
        bool shift =
            verb && (verb->form == VerbForm::base || verb->form == VerbForm::third_person) &&
            !verb->verb->ambiguous && !next.empty() && bare(next) != "of" && bare(next) != "for";
        if (!out.empty()) out += ' ';
        out += shift ? past_of(*verb->verb) : std::string(word);
        after_and = word == "and" || word == "&" || word == "then" || word.ends_with(',');
        at = space + 1;
    }
    return out;
}

}  // namespace afterresume::agents
