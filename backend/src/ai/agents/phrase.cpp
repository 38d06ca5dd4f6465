#include "ai/agents/opening.h"
#include "ai/agents/routine.h"
#include "ai/agents/statements.h"
#include "ai/agents/subject.h"
#include "ai/agents/text.h"

#include <algorithm>
#include <array>

namespace afterresume::agents {

namespace {

class Phraser {
public:
    Phraser(std::string_view subject, Surroundings around)
        : around_(around), subject_(parse_subject(subject)) {}

    Statement phrase() && {
        out_.routine = routine_of(subject_);
        if (!subject_.scope.empty()) out_.scope = subject_.scope;
        auto typed = category_of_type(subject_.type);
        if (typed) out_.category = *typed;
        auto text = std::string(without_person(subject_.text));
        if (out_.routine == Routine::release) {
            released(text);
            return std::move(out_);
        }
        if (tokens(text).empty() || text.find_first_not_of("0123456789.v-_ ") == std::string::npos)
            return std::move(out_);
        if (around_.learning) {
            learned(text);
        } else {
            told(text);
        }
        out_.text = upper_first(std::move(out_.text));
        return std::move(out_);
    }

private:
    void released(const std::string& text) {
        out_.text = "Published a release";
        out_.acts = true;
        out_.lemma = "publish";
        for (const auto& token : tokens(text)) {
            bool version = token.kind != TokenKind::word && token.kind != TokenKind::symbol &&
                           token.text.find_first_of("0123456789") != std::string_view::npos;
            if (version) out_.text = "Released " + std::string(token.text);
        }
    }

    std::string lowered(const std::string& text) const {
        return around_.named_first ? text : lower_first(text);
    }

    void told(const std::string& text) {
        Opening opening{text};
        auto first = bare(opening.word(0));
        if (negated(opening, first) || adverb(opening, first)) return;
        auto verb = find_verb(first);
        bool glued = opening.word(0).find_first_of(":=-/(") != std::string_view::npos;
        if (first == "do" && find_verb(bare(opening.word(1))))
            return told(std::string(opening.after(1)));
        if (!verb && !glued && is_unlisted_verb(opening, first))
            return act_unlisted(opening, first);
        if (!verb || glued) return noun(text);
        // "fix: logging memory leak" names the broken thing.
        if (verb->form == VerbForm::gerund && out_.category == WorkCategory::fix) return noun(text);
        // "perf: cache synonyms" tells how; nothing else is made faster by its own name.
        bool means =
            out_.category == WorkCategory::performance && bare(opening.word(1)).ends_with("s");
        if (verb->form == VerbForm::base && !means && looks_like_noun_use(opening, *verb->verb))
            return noun(text);
        if (verb->form == VerbForm::third_person && verb->verb->ambiguous &&
            looks_like_noun_use(opening, *verb->verb))
            return noun(text);
        act(*verb, opening);
    }

    // A word before an article can only be a verb, listed or not.
    static bool is_unlisted_verb(const Opening& opening, const std::string& first) {
        bool plain = first.size() > 2 && std::all_of(first.begin(), first.end(), [](char c) {
                         return c >= 'a' && c <= 'z';
                     });
        bool shape = !first.ends_with("ed") && !first.ends_with("ing") && !first.ends_with("s") &&
                     !first.ends_with("ly");
        return plain && shape && !is_function_word(first) &&
               is_one_of(bare(opening.word(1)), {"the", "a", "an", "all", "our", "its"});
    }

    void act_unlisted(const Opening& opening, const std::string& first) {
        Verb verb{first, "", VerbKind::did, 1, Change::none, false};
        out_.acts = true;
        out_.lemma = first;
        out_.text = with_rest(past_of(verb), in_past(opening.after(1)));
    }

    void act(const FoundVerb& found, const Opening& opening) {
        const auto& verb = *found.verb;
        out_.acts = true;
        out_.lemma = verb.lemma;
        auto rest = opening.after(1);
        // "spawned workflows should …" begins with an adjective.
        bool claim = is_one_of(
            bare(opening.word(2)), {"should", "must", "is", "are", "do", "does", "don't", "doesn't"}
        );
        if (found.form == VerbForm::past && claim && out_.category == WorkCategory::fix)
            return noun(std::string(opening.text));
        if (found.form == VerbForm::past) {
            bool participle = is_participle(bare(opening.word(0)));
            out_.text = participle ? with_rest(past_of(verb), rest) : std::string(opening.text);
            return;
        }
        if (verb.lemma == "support") {
            out_.text = with_rest("Added support for", rest);
        } else if (verb.lemma == "need" || verb.lemma == "want" || verb.lemma == "wait") {
            out_.acts = false;
            noun(std::string(opening.text));
        } else if (verb.lemma == "be") {
            out_.text = std::string(opening.text);
        } else {
            out_.text = with_rest(past_of(verb), in_past(rest));
        }
    }

    // "don't X", "do not X", "never X", "no longer X".
    bool negated(const Opening& opening, const std::string& first) {
        std::size_t skip = 0;
        if (is_one_of(first, {"don't", "dont", "never", "doesn't"})) skip = 1;
        if (is_one_of(first, {"do", "does", "no"}) &&
            is_one_of(bare(opening.word(1)), {"not", "longer"}))
            skip = 2;
        auto verb = skip > 0 ? find_verb(bare(opening.word(skip))) : std::nullopt;
        if (!verb) return false;
        out_.acts = true;
        out_.lemma = "ensure";
        out_.text = with_rest(
            "Made sure not to " + std::string(verb->verb->lemma), opening.after(skip + 1)
        );
        return true;
    }

    // "always clear X", "only watch Y"; "properly link Z" → "Properly linked Z".
    bool adverb(const Opening& opening, const std::string& first) {
        bool quantifier = is_one_of(first, {"always", "only", "also"});
        if (!quantifier && !(first.ends_with("ly") && first.size() > 4)) return false;
        auto verb = find_verb(bare(opening.word(1)));
        if (!verb || verb->form == VerbForm::gerund || opening.word(2).empty()) return false;
        out_.acts = true;
        out_.lemma = verb->verb->lemma;
        if (quantifier && first != "also" && verb->form != VerbForm::past) {
            out_.text = with_rest(
                "Made sure to " + first + ' ' + std::string(verb->verb->lemma), opening.after(2)
            );
        } else if (quantifier) {
            out_.text = with_rest(past_of(*verb->verb), in_past(opening.after(2)));
        } else {
            out_.text = with_rest(first + ' ' + past_of(*verb->verb), in_past(opening.after(2)));
        }
        return true;
    }

    // "some keys crash the engine", "X is not shown": a whole sentence, which takes a colon.
    static bool tells_of_fault(std::string_view text) {
        for (const auto& token : tokens(text)) {
            if (is_one_of(
                    fold(token.text),
                    {"is", "are", "was", "were", "does", "doesn't", "don't", "can't", "cannot",
                     "should", "must", "contains", "crashes", "crash", "fails", "breaks", "has"}
                )) {
                return true;
            }
        }
        return false;
    }

    // No verb to begin with: the type of the message says what was done to the thing.
    void noun(const std::string& text) {
        auto thing = lowered(text);
        auto first = bare(Opening{text}.word(0));
        bool clause = is_one_of(
            first, {"should", "must", "need", "needs", "if", "when", "why", "it", "there", "that",
                    "this", "for", "to", "in", "on", "with", "more", "wait"}
        );
        static constexpr auto openings =
            std::to_array<std::pair<std::string_view, std::string_view>>({
                {"fix", "Fixed"},
                {"bugfix", "Fixed"},
                {"hotfix", "Fixed"},
                {"feat", "Added"},
                {"feature", "Added"},
                {"docs", "Documented"},
                {"doc", "Documented"},
                {"test", "Tested"},
                {"tests", "Tested"},
                {"refactor", "Reworked"},
                {"refac", "Reworked"},
                {"perf", "Improved the performance of"},
                {"chore", "Worked on"},
                {"build", "Worked on"},
                {"ci", "Worked on"},
                {"style", "Worked on"},
                {"security", "Secured"},
                {"revert", "Reverted"},
            });
        auto found = std::find_if(openings.begin(), openings.end(), [&](const auto& row) {
            return row.first == subject_.type;
        });
        if (found == openings.end() || clause) {
            out_.text = text;
            return;
        }
        bool sentence = found->second == "Fixed" && tells_of_fault(text);
        out_.text = std::string(found->second) + (sentence ? ": " + thing : ' ' + in_past(thing));
        out_.acts = found->second != "Worked on" && !sentence;
        out_.lemma = find_verb(bare(Opening{found->second}.word(0)))->verb->lemma;
    }

    // Headings of notes are mostly orders: "Check If …", "List Available …"; but "Map With Index"
    // is a thing.
    static bool reads_as_order(const Opening& opening) {
        auto second = bare(opening.word(1));
        if (opening.word(2).empty()) return false;
        return is_one_of(second, {"if", "for", "whether", "through", "out", "up", "off", "on"}) ||
               !is_preposition(second);
    }

    void learned(const std::string& text) {
        Opening opening{text};
        auto first = bare(opening.word(0));
        out_.category = WorkCategory::learning;
        out_.acts = true;
        out_.lemma = "learn";
        auto verb = find_verb(first);
        auto second = bare(opening.word(1));
        if (verb &&
            is_one_of(
                verb->verb->lemma, {"learn", "discover", "figure", "study", "explore", "try"}
            ))
            return act(*verb, opening);
        if (is_one_of(first, {"how", "why", "what", "when", "that", "where"})) {
            out_.text = "Learned " + lower_first(text);
        } else if (verb && verb->form == VerbForm::base && reads_as_order(opening)) {
            out_.text = "Learned how to " + lower_first(text);
        } else if (first.ends_with("ly") && find_verb(second) &&
                   find_verb(second)->form == VerbForm::base) {
            out_.text = "Learned how to " + lower_first(text);
        } else if (verb && verb->form == VerbForm::gerund) {
            out_.text =
                with_rest("Learned how to " + std::string(verb->verb->lemma), opening.after(1));
            if (second == "and") out_.text = "Learned about " + lowered(text);
        } else {
            out_.text = "Learned about " + lowered(text);
        }
    }

    Surroundings around_;
    Subject subject_;
    Statement out_;
};

}  // namespace

Statement phrase(std::string_view subject, Surroundings around) {
    return Phraser(subject, around).phrase();
}

}  // namespace afterresume::agents
