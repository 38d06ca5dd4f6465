#include "ai/agents/verbs.h"

#include "ai/agents/text.h"
#include "ai/agents/verb_table.h"

#include <algorithm>
#include <array>

namespace afterresume::agents {

namespace {

static_assert(std::is_sorted(verbs.begin(), verbs.end(), [](const Verb& a, const Verb& b) {
    return a.lemma < b.lemma;
}));

constexpr std::size_t irregular_count = static_cast<std::size_t>(
    std::count_if(verbs.begin(), verbs.end(), [](const Verb& verb) { return !verb.past.empty(); })
);

// Verbs with a written past, sorted by it.
constexpr auto irregular = [] {
    std::array<std::uint16_t, irregular_count> out{};
    std::size_t next = 0;
    for (std::size_t i = 0; i < verbs.size(); ++i) {
        if (!verbs[i].past.empty()) out[next++] = static_cast<std::uint16_t>(i);
    }
    std::sort(out.begin(), out.end(), [](auto a, auto b) { return verbs[a].past < verbs[b].past; });
    return out;
}();

const Verb* by_lemma(std::string_view lemma) {
    auto found = std::lower_bound(
        verbs.begin(), verbs.end(), lemma,
        [](const Verb& verb, std::string_view key) { return verb.lemma < key; }
    );
    return found != verbs.end() && found->lemma == lemma ? &*found : nullptr;
}

const Verb* by_irregular_past(std::string_view past) {
    auto found = std::lower_bound(
        irregular.begin(), irregular.end(), past,
        [](std::uint16_t at, std::string_view key) { return verbs[at].past < key; }
    );
    return found != irregular.end() && verbs[*found].past == past ? &verbs[*found] : nullptr;
}

// Participles that differ from the past.
constexpr auto participles = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"begun", "begin"},
     {"chosen", "choose"},
     {"done", "do"},
     {"driven", "drive"},
     {"given", "give"},
     {"gone", "go"},
     {"grown", "grow"},
     {"hidden", "hide"},
     {"known", "know"},
     {"overseen", "oversee"},
     {"rewritten", "rewrite"},
     {"seen", "see"},
     {"shown", "show"},
     {"shrunk", "shrink"},
     {"spoken", "speak"},
     {"taken", "take"},
     {"thrown", "throw"},
     {"undone", "undo"},
     {"written", "write"}}
);

std::string_view lemma_of_participle(std::string_view folded) {
    auto found = std::find_if(participles.begin(), participles.end(), [&](const auto& row) {
        return row.first == folded;
    });
    return found == participles.end() ? std::string_view() : found->second;
}

bool is_vowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

// One vowel between consonants in a word of one syllable doubles its last letter: plan, planned.
bool doubles(std::string_view lemma) {
    auto n = lemma.size();
    if (n < 3 || is_vowel(lemma[n - 1]) ||
        std::string_view("wxy").find(lemma[n - 1]) != std::string_view::npos)
        return false;
    if (!is_vowel(lemma[n - 2]) || is_vowel(lemma[n - 3])) return false;
    return std::count_if(lemma.begin(), lemma.end(), is_vowel) == 1;
}

const Verb* from_ending(std::string_view word, std::string_view ending) {
    if (!word.ends_with(ending) || word.size() < ending.size() + 2) return nullptr;
    auto root = word.substr(0, word.size() - ending.size());
    if (const auto* verb = by_lemma(std::string(root) + 'e'); verb != nullptr) return verb;
    if (const auto* verb = by_lemma(root)) return verb;
    if (root.size() > 2 && root.back() == root[root.size() - 2])
        return by_lemma(root.substr(0, root.size() - 1));
    return nullptr;
}

const Verb* third_person(std::string_view word) {
    if (word.size() < 3 || word.back() != 's' || word.ends_with("ss")) return nullptr;
    if (word.ends_with("ies")) {
        if (const auto* verb = by_lemma(std::string(word.substr(0, word.size() - 3)) + 'y'))
            return verb;
    }
    if (word.ends_with("es")) {
        if (const auto* verb = by_lemma(word.substr(0, word.size() - 2))) return verb;
    }
    return by_lemma(word.substr(0, word.size() - 1));
}

const Verb* regular_past(std::string_view word) {
    if (word.ends_with("ied")) {
        if (const auto* verb = by_lemma(std::string(word.substr(0, word.size() - 3)) + 'y'))
            return verb;
    }
    const auto* verb = from_ending(word, "ed");
    return verb != nullptr && (verb->past.empty() || past_of(*verb) == word) ? verb : nullptr;
}

}  // namespace

std::optional<FoundVerb> find_verb(std::string_view word) {
    auto folded = fold(word);
    if (folded.size() < 2) return std::nullopt;
    // "found", "led", "met": the past of one verb before the base of another.
    if (const auto* verb = by_irregular_past(folded); verb != nullptr && verb->lemma != folded)
        return FoundVerb{verb, VerbForm::past};
    if (const auto* verb = by_lemma(folded)) return FoundVerb{verb, VerbForm::base};
    if (const auto* verb = regular_past(folded)) return FoundVerb{verb, VerbForm::past};
    if (const auto* verb = from_ending(folded, "ing")) return FoundVerb{verb, VerbForm::gerund};
    if (const auto* verb = by_lemma(lemma_of_participle(folded)))
        return FoundVerb{verb, VerbForm::past};
    if (const auto* verb = third_person(folded)) return FoundVerb{verb, VerbForm::third_person};
    return std::nullopt;
}

bool is_participle(std::string_view folded) { return !lemma_of_participle(folded).empty(); }

std::string past_of(const Verb& verb) {
    if (!verb.past.empty()) return std::string(verb.past);
    std::string lemma(verb.lemma);
    if (lemma.back() == 'e') return lemma + 'd';
    if (lemma.back() == 'y' && !is_vowel(lemma[lemma.size() - 2]))
        return lemma.substr(0, lemma.size() - 1) + "ied";
    if (doubles(lemma)) lemma += lemma.back();
    return lemma + "ed";
}

std::string gerund_of(const Verb& verb) {
    std::string lemma(verb.lemma);
    auto past = std::string(verb.past);
    bool doubled_past = past.size() == lemma.size() + 3 && past[lemma.size()] == lemma.back();
    if (lemma.back() == 'e' && !lemma.ends_with("ee"))
        return lemma.substr(0, lemma.size() - 1) + "ing";
    if (doubled_past || doubles(lemma)) lemma += lemma.back();
    return lemma + "ing";
}

}  // namespace afterresume::agents
