#include "ai/agents/entry_analysis.h"

#include "ai/agents/categories.h"
#include "ai/agents/markdown.h"
#include "ai/agents/metrics.h"
#include "ai/agents/statements.h"
#include "ai/agents/verbs.h"
#include "core/text.h"

#include <algorithm>
#include <cmath>

namespace afterresume::agents {

namespace {

constexpr std::size_t most_verbs = 12;
constexpr std::size_t most_outcomes = 6;

// What tells of a result rather than of an action.
bool tells_result(std::string_view folded) {
    for (auto sign :
         {"result",     "which means",  "so that",   "now ",          "no longer",     "saves",
          "saved",      "reduc",        "improv",    "faster",        "fewer",         "enables",
          "allows",     "customers",    "users can", "this provides", "this provided", "avoids",
          "leading to", "led to",       "increas",   "dadurch",       "damit",         "eliminates",
          "prevents",   "ensures that", "makes it"}) {
        if (folded.find(sign) != std::string_view::npos) return true;
    }
    return false;
}

class Analyst {
public:
    explicit Analyst(const EntryText& entry) : entry_(entry), learning_(is_learning_note(entry)) {}

    EntryAnalysis analyse() && {
        if (entry_.title) read(*entry_.title, SourceField::title);
        read(entry_.content, SourceField::content);
        if (entry_.outcome) read(*entry_.outcome, SourceField::outcome);
        auto said = statements(entry_);
        if (!said.empty()) main_ = std::move(said.front());
        out_.summary = main_.text;
        out_.category = category_of(entry_, main_, out_.verbs);
        out_.impact = impact();
        out_.suggestion = suggestion();
        return std::move(out_);
    }

private:
    void read(const std::string& source, SourceField field) {
        auto plain = plain_text(source);
        length_ += code_points(plain.text);
        for (auto& metric : find_metrics(
                 plain, field,
                 learning_ && field != SourceField::outcome ? Voice::explained : Voice::told
             ))
            out_.metrics.push_back(std::move(metric));
        bool first = true;
        for (const auto& span : sentences(plain.text)) {
            auto sentence = std::string_view(plain.text).substr(span.start, span.end - span.start);
            if (outlook_of(sentence) == Outlook::done) {
                add_verbs(sentence, first && field != SourceField::outcome);
                add_outcome(plain, span, field, first);
            }
            first = false;
        }
    }

    // In prose only what is told as done counts; in a subject the imperative does as well.
    void add_verbs(std::string_view sentence, bool subject) {
        bool opening = true;
        for (const auto& token : tokens(sentence)) {
            if (token.kind == TokenKind::symbol && token.text != ",") opening = subject;
            if (token.kind != TokenKind::word || out_.verbs.size() >= most_verbs) continue;
            auto found = find_verb(token.text);
            bool told = found &&
                        (found->form == VerbForm::past || found->verb->past == found->verb->lemma ||
                         (subject && opening && found->form != VerbForm::gerund));
            if (told && !is_known(found->verb->lemma) && found->verb->kind != VerbKind::did) {
                out_.verbs.push_back(
                    {std::string(found->verb->lemma), kind_name(found->verb->kind),
                     found->verb->strength}
                );
            }
            opening = opening && (!found || token.start == 0) &&
                      sentence.find(": ") != std::string_view::npos &&
                      token.start < sentence.find(": ");
        }
    }

    bool is_known(std::string_view lemma) const {
        return std::any_of(out_.verbs.begin(), out_.verbs.end(), [&](const ActionVerb& verb) {
            return verb.lemma == lemma;
        });
    }

    void add_outcome(const PlainText& plain, const Span& span, SourceField field, bool first) {
        if (out_.outcomes.size() >= most_outcomes) return;
        auto source = plain.in_source(span);
        auto start = static_cast<std::int64_t>(source.start);
        auto end = static_cast<std::int64_t>(source.end);
        auto measured =
            std::any_of(out_.metrics.begin(), out_.metrics.end(), [&](const Metric& metric) {
                return metric.field == field && metric.start >= start && metric.end <= end;
            });
        auto sentence = plain.text.substr(span.start, span.end - span.start);
        if (field == SourceField::outcome || measured ||
            (!first && !learning_ && tells_result(fold(sentence))))
            out_.outcomes.push_back({std::move(sentence), start, end, field});
    }

    std::int64_t impact() const {
        if (main_.routine != Routine::none && out_.metrics.empty()) return 8;
        std::int64_t strength = 0;
        for (const auto& verb : out_.verbs) strength = std::max(strength, verb.strength);
        double best = 0;
        for (const auto& metric : out_.metrics) {
            if (metric.ratio && *metric.ratio > 0)
                best = std::max(best, std::abs(std::log2(*metric.ratio)));
        }
        auto count = static_cast<std::int64_t>(out_.metrics.size());
        std::int64_t score = 10 + 6 * strength + weight_of(out_.category);
        if (!out_.outcomes.empty()) score += 20;
        if (count > 0) score += std::min<std::int64_t>(32, 20 + 4 * (count - 1));
        score += static_cast<std::int64_t>(std::min(12.0, 4 * best));
        score += std::min<std::int64_t>(8, static_cast<std::int64_t>(length_ / 60));
        return std::clamp<std::int64_t>(score, 0, 100);
    }

    std::optional<std::string> suggestion() const {
        if (length_ < 20) return "Say in a sentence what was done and for whom.";
        if (main_.routine != Routine::none) return std::nullopt;
        if (out_.category == WorkCategory::learning)
            return out_.outcomes.empty()
                       ? std::optional<std::string>("Say where you used what you learned.")
                       : std::nullopt;
        if (out_.outcomes.empty()) return "Say what it changed, best with a number.";
        if (out_.metrics.empty())
            return "Put a number on the result: how much, how many, how often.";
        auto bare = std::all_of(out_.metrics.begin(), out_.metrics.end(), [](const Metric& metric) {
            return !metric.from && !metric.ratio;
        });
        if (bare) return "Say what the figure was before.";
        return std::nullopt;
    }

    static std::string kind_name(VerbKind kind) {
        static constexpr const char* names[] = {"built",    "fixed",    "improved", "removed",
                                                "led",      "designed", "wrote",    "tested",
                                                "operated", "learned",  "analysed", "met",
                                                "sold",     "taught",   "did"};
        return names[static_cast<std::size_t>(kind)];
    }

    const EntryText& entry_;
    EntryAnalysis out_;
    Statement main_;
    bool learning_;
    std::size_t length_ = 0;
};

}  // namespace

EntryAnalysis analyse_entry(const EntryText& entry) { return Analyst(entry).analyse(); }

}  // namespace afterresume::agents
