#include "ai/agents/verifier.h"

#include "ai/agents/markdown.h"
#include "ai/agents/metrics.h"
#include "ai/agents/proof.h"
#include "ai/agents/verbs.h"

#include <algorithm>
#include <array>

namespace afterresume::agents {

namespace {

constexpr double least_supported = 0.8;

bool is_rank(std::string_view folded) {
    return is_one_of(folded, {"senior",    "junior",  "principal", "staff",     "head",
                              "director",  "manager", "chief",     "vp",        "cto",
                              "ceo",       "cfo",     "coo",       "president", "founder",
                              "cofounder", "intern",  "architect", "engineer",  "consultant",
                              "professor", "phd",     "certified", "award",     "awarded"});
}

class Check {
public:
    Check(
        std::string_view line, std::span<const Evidence> evidence,
        std::span<const std::string> computed
    )
        : line_(line),
          proof_(evidence),
          computed_(computed),
          tokens_(tokens(line)),
          taken_(tokens_.size(), false) {}

    Verdict run() && {
        figures();
        dates();
        numbers();
        changes();
        words();
        if (computed_.empty() && meaning_ > 0 &&
            static_cast<double>(doubtful_.size()) >
                (1 - least_supported) * static_cast<double>(meaning_)) {
            for (const auto& word : doubtful_) flag(word);
        }
        verdict_.kind = verdict_.words.empty() ? VerdictKind::verified : VerdictKind::unverified;
        return std::move(verdict_);
    }

private:
    void flag(std::string_view word) {
        if (std::find(verdict_.words.begin(), verdict_.words.end(), word) == verdict_.words.end())
            verdict_.words.emplace_back(word);
    }

    void figures() {
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            taken_[i] =
                std::find(computed_.begin(), computed_.end(), tokens_[i].text) != computed_.end();
        }
    }

    double number_at(std::size_t i) const {
        return i < tokens_.size() && tokens_[i].kind == TokenKind::number
                   ? parse_number(tokens_[i].text).value_or(0)
                   : 0;
    }

    void dates() {
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            auto month = tokens_[i].kind == TokenKind::word && is_upper_first(tokens_[i].text)
                             ? month_of(fold(tokens_[i].text))
                             : 0;
            if (month == 0 || taken_[i]) continue;
            auto year = number_at(i + 1);
            taken_[i] = true;
            if (year >= 1900 && year <= 2100) {
                taken_[i + 1] = true;
                if (!proof_.has_month(static_cast<int>(year), month))
                    flag(line_.substr(tokens_[i].start, tokens_[i + 1].end - tokens_[i].start));
            } else if (!proof_.has_any_month(month) && !proof_.has_name(fold(tokens_[i].text))) {
                flag(tokens_[i].text);
            }
        }
    }

    void numbers() {
        for (const auto& quantity : quantities(tokens_)) {
            if (taken_[quantity.first] || taken_[quantity.last]) continue;
            bool counted = quantity.dimension == Dimension::count;
            for (auto i = quantity.first; i <= quantity.last; ++i)
                taken_[i] =
                    !(counted && tokens_[i].kind == TokenKind::word &&
                      !number_word(fold(tokens_[i].text)));
            if (!proof_.has_quantity(quantity))
                flag(line_.substr(quantity.span.start, quantity.span.end - quantity.span.start));
        }
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            if (taken_[i] || tokens_[i].kind != TokenKind::number) continue;
            taken_[i] = true;
            if (!proof_.has_number(number_at(i))) flag(tokens_[i].text);
        }
    }

    void changes() {
        auto plain = plain_text(line_);
        for (const auto& metric : find_metrics(plain, SourceField::content)) {
            if (proof_.reverses(metric)) flag(metric.text);
        }
    }

    void words() {
        bool opening = true;
        bool used = false;
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            const auto& token = tokens_[i];
            if (token.kind == TokenKind::symbol) {
                opening = opening || is_one_of(token.text, {".", ":", "!", "?"});
                used = used && token.text != ";" && token.text != ":";
                continue;
            }
            auto folded = fold(token.text);
            if (!taken_[i]) word(token, folded, opening, used);
            if (is_one_of(folded, {"using", "via", "with"})) {
                used = true;
            } else if (is_preposition(folded)) {
                used = false;
            }
            opening = false;
        }
    }

    void word(const Token& token, const std::string& folded, bool opening, bool used) {
        if (token.kind != TokenKind::word) {
            if (!proof_.has_name(folded)) flag(token.text);
            return;
        }
        if (is_function_word(folded) || multiplied(token, folded)) return;
        bool proven = proof_.has_stem(stem(folded)) || proof_.has_stem(stem(unclipped(folded))) ||
                      proof_.has_name(folded);
        auto verb = find_verb(token.text);
        if (verb && (opening || !is_upper_first(token.text))) {
            trend(token);
            bool free = opening || !verb->verb->ambiguous || verb->form == VerbForm::past ||
                        verb->form == VerbForm::gerund;
            if (free) return;
        }
        ++meaning_;
        if (proven) return;
        bool named = is_upper_first(token.text) || is_all_upper(token.text);
        if (is_rank(folded) || (computed_.empty() && used) ||
            (named && !(opening && !computed_.empty()))) {
            flag(token.text);
        } else {
            doubtful_.emplace_back(token.text);
        }
    }

    void trend(const Token& token) {
        auto said = trend_of(token.text);
        if ((said > 0 && proof_.falls() && !proof_.rises()) ||
            (said < 0 && proof_.rises() && !proof_.falls()))
            flag(token.text);
    }

    // "doubled" needs the word or a change of that size.
    bool multiplied(const Token& token, const std::string& folded) {
        static constexpr auto factors = std::to_array<std::pair<std::string_view, double>>(
            {{"doubled", 2},
             {"doubling", 2},
             {"twice", 2},
             {"tripled", 3},
             {"tripling", 3},
             {"quadrupled", 4},
             {"halved", 0.5},
             {"halving", 0.5},
             {"half", 0.5}}
        );
        auto found = std::find_if(factors.begin(), factors.end(), [&](const auto& row) {
            return row.first == folded;
        });
        if (found == factors.end()) return false;
        if (!proof_.has_stem(stem(folded)) && !proof_.has_ratio(found->second)) flag(token.text);
        return true;
    }

    std::string_view line_;
    Proof proof_;
    std::span<const std::string> computed_;
    std::vector<Token> tokens_;
    std::vector<bool> taken_;
    std::size_t meaning_ = 0;
    std::vector<std::string> doubtful_;
    Verdict verdict_;
};

}  // namespace

Verdict verify_line(
    std::string_view line, std::span<const Evidence> evidence, std::span<const std::string> computed
) {
    return Check(line, evidence, computed).run();
}

}  // namespace afterresume::agents
