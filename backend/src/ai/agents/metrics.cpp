#include "ai/agents/metrics.h"

#include "ai/agents/change.h"
#include "ai/agents/quantities.h"
#include "ai/agents/verbs.h"

#include <algorithm>
#include <array>

namespace afterresume::agents {

namespace {

constexpr std::size_t most_metrics = 20;
constexpr std::size_t longest_name = 5;

// One sentence with its tokens and quantities; finds the patterns in it.
class SentenceReader {
public:
    SentenceReader(
        std::string_view sentence, std::size_t offset, const PlainText& plain, SourceField field,
        Voice voice
    )
        : sentence_(sentence),
          offset_(offset),
          plain_(plain),
          field_(field),
          voice_(voice),
          tokens_(tokens(sentence)),
          quantities_(quantities(tokens_)) {
        std::erase_if(quantities_, [&](const Quantity& found) {
            return plain_.in_code(offset_ + found.span.start);
        });
    }

    std::vector<Metric> read() && {
        for (std::size_t i = 0; i < quantities_.size(); ++i) {
            if (i + 1 < quantities_.size() && is_pair(i)) {
                pair(quantities_[i], quantities_[i + 1]);
                ++i;
            } else {
                single(quantities_[i]);
            }
        }
        return std::move(out_);
    }

private:
    std::string word(std::size_t at) const { return folded_word(tokens_, at); }
    Change sentence_change(std::size_t near) const { return change_near(tokens_, near); }

    // "from A to B", "A → B", "A to B" after a verb of change; German "von A auf B".
    bool is_pair(std::size_t i) const {
        const auto& left = quantities_[i];
        const auto& right = quantities_[i + 1];
        auto between = right.first - left.last - 1;
        if (between == 0 || between > 4) return false;
        auto joint = word(left.last + 1);
        auto arrow = joint == "→" || (joint == "-" && word(left.last + 2) == ">") ||
                     (joint == "=" && word(left.last + 2) == ">");
        auto before = left.first > 0 ? word(left.first - 1) : std::string();
        auto to =
            is_one_of(word(right.first - 1), {"to", "auf", "under", "about", "below", "over"}) &&
            (between == 1 || is_one_of(joint, {"to", "down", "auf"}) ||
             is_one_of(word(right.first - 2), {"to", "auf", "down", "up"}));
        bool comparable = right.dimension == left.dimension || left.unit.empty();
        if (!comparable || (!arrow && !to)) return false;
        return arrow || is_one_of(before, {"from", "von", "by"}) ||
               sentence_change(left.first) != Change::none;
    }

    void pair(const Quantity& left, const Quantity& right) {
        Metric metric;
        metric.from = left.value;
        metric.to = right.value;
        metric.unit = right.unit;
        auto scale = left.unit.empty() ? right.scale : left.scale;
        auto before = left.value * scale;
        auto after = right.comparable();
        // Different units of one dimension: the figures stand as written in the later unit.
        if (scale != right.scale && right.scale > 0) metric.from = before / right.scale;
        if (before != 0) metric.ratio = after / before;
        metric.direction = after > before   ? MetricDirection::up
                           : after < before ? MetricDirection::down
                                            : MetricDirection::none;
        auto edge = left.first;
        if (edge > 0 && is_one_of(word(edge - 1), {"from", "von"})) --edge;
        auto begin = name_before(edge);
        metric.metric = begin < edge ? slice(begin, edge) : name_after(right.last + 1);
        add(std::move(metric), begin, right.last);
    }

    void single(const Quantity& quantity) {
        bool measured =
            quantity.dimension != Dimension::count || quantity.unit.find('/') != std::string::npos;
        auto change = sentence_change(quantity.last);
        if (voice_ == Voice::explained && (change == Change::none || !is_change(quantity))) return;
        if (!measured && !counts_work(quantity)) return;
        bool stands_alone = field_ == SourceField::outcome || quantity.sign != ' ' ||
                            change != Change::none || acts_before(quantity.first);
        if ((quantity.dimension == Dimension::share || quantity.dimension == Dimension::money) &&
            !stands_alone)
            return;
        if ((quantity.dimension == Dimension::time || quantity.dimension == Dimension::size) &&
            !is_amount_of_change(quantity))
            return;
        Metric metric;
        metric.value = quantity.value;
        metric.unit = quantity.unit;
        if (quantity.sign != ' ') change = quantity.sign == '+' ? Change::up : Change::down;
        if (quantity.dimension == Dimension::factor && change == Change::none) change = Change::up;
        metric.direction = change == Change::up     ? MetricDirection::up
                           : change == Change::down ? MetricDirection::down
                                                    : MetricDirection::none;
        metric.ratio = ratio_of(quantity, change);
        auto edge = quantity.first;
        if (edge > 0 &&
            is_one_of(
                word(edge - 1), {"by", "um", "roughly", "about", "approximately", "over", "around"}
            ))
            --edge;
        auto begin = edge < quantity.first || change != Change::none ? name_before(edge) : edge;
        metric.metric = begin < edge ? slice(begin, edge) : name_after(quantity.last + 1);
        if (metric.metric.empty() && quantity.dimension == Dimension::count)
            metric.metric = quantity.unit;
        if (metric.metric.empty() && quantity.dimension == Dimension::time) metric.metric = "time";
        if (metric.metric.empty() && quantity.dimension == Dimension::money)
            metric.metric = "money";
        add(std::move(metric), std::min(begin, quantity.first), quantity.last);
    }

    static std::optional<double> ratio_of(const Quantity& quantity, Change change) {
        if (quantity.dimension == Dimension::factor)
            return change == Change::down && quantity.value > 0 ? 1 / quantity.value
                                                                : quantity.value;
        if (quantity.dimension != Dimension::share || change == Change::none ||
            quantity.unit != "%")
            return std::nullopt;
        return change == Change::up ? 1 + quantity.value / 100 : 1 - quantity.value / 100;
    }

    static bool is_change(const Quantity& quantity) {
        return quantity.dimension == Dimension::share || quantity.dimension == Dimension::factor;
    }

    bool acts_before(std::size_t at) const {
        for (auto i = at; i > 0 && at - i < 6; --i) {
            auto verb = find_verb(tokens_[i - 1].text);
            if (verb && (verb->form == VerbForm::past || i == 1)) return true;
        }
        return false;
    }

    // A bare count is a metric when the sentence acts on it: "trained 30 nurses", "closed 45
    // tickets".
    bool counts_work(const Quantity& quantity) const {
        return !quantity.unit.empty() && quantity.value >= 2 &&
               tokens_[quantity.first].kind == TokenKind::number && acts_before(quantity.first);
    }

    // Durations and sizes are everywhere; they measure when something was saved or changed by them.
    bool is_amount_of_change(const Quantity& quantity) const {
        auto after = word(quantity.last + 1);
        if (quantity.sign != ' ' || (change_of(after) != Change::none && !find_verb(after)))
            return true;
        auto at = quantity.first;
        while (at > 0 && is_one_of(
                             word(at - 1), {"about", "roughly", "around", "approximately", "nearly",
                                            "over", "us", "another"}
                         ))
            --at;
        return at > 0 &&
               is_one_of(
                   word(at - 1), {"by", "saved", "saves", "saving", "save", "takes", "took",
                                  "taking", "um", "within", "under", "below", "only"}
               );
    }

    // The noun phrase just before: back to a verb, a preposition or a stop.
    std::size_t name_before(std::size_t end) const {
        auto at = end;
        while (at > 0 && end - at < longest_name) {
            const auto& token = tokens_[at - 1];
            auto folded = fold(token.text);
            bool stops = token.kind == TokenKind::symbol && token.text != "-" && token.text != "/";
            bool verb = token.kind == TokenKind::word && find_verb(token.text) &&
                        !find_verb(token.text)->verb->ambiguous;
            if (verb && at > 1 && find_verb(tokens_[at - 2].text)) verb = false;
            if (token.kind == TokenKind::number || stops || verb ||
                is_one_of(
                    folded, {"from", "by", "and", "which", "that", "to", "is", "was", "went",
                             "this", "a", "an"}
                ))
                break;
            --at;
        }
        while (at < end && (is_determiner(word(at)) || tokens_[at].text == "-")) ++at;
        return at;
    }

    // "40% improvement in build times", "12 fewer tickets", "15% faster builds": the phrase after.
    std::string name_after(std::size_t at) const {
        while (at < tokens_.size() &&
               (change_of(word(at)) != Change::none ||
                is_one_of(word(at), {"in", "of", "on", "the", "for", "our", "its"})))
            ++at;
        auto begin = at;
        while (at < tokens_.size() && at - begin < longest_name) {
            auto folded = word(at);
            if (tokens_[at].kind == TokenKind::symbol || tokens_[at].kind == TokenKind::number ||
                is_preposition(folded) || is_one_of(folded, {"and", "which", "that", "than"}))
                break;
            if (at > begin && find_verb(folded) && !find_verb(folded)->verb->ambiguous) break;
            ++at;
        }
        return at > begin ? slice(begin, at) : std::string();
    }

    std::string slice(std::size_t begin, std::size_t end) const {
        return std::string(
            sentence_.substr(tokens_[begin].start, tokens_[end - 1].end - tokens_[begin].start)
        );
    }

    void add(Metric metric, std::size_t begin, std::size_t last) {
        auto source =
            plain_.in_source({offset_ + tokens_[begin].start, offset_ + tokens_[last].end});
        metric.start = static_cast<std::int64_t>(source.start);
        metric.end = static_cast<std::int64_t>(source.end);
        metric.text = slice(begin, last + 1);
        metric.field = field_;
        out_.push_back(std::move(metric));
    }

    std::string_view sentence_;
    std::size_t offset_;
    const PlainText& plain_;
    SourceField field_;
    Voice voice_;
    std::vector<Token> tokens_;
    std::vector<Quantity> quantities_;
    std::vector<Metric> out_;
};

// Figures, or a number word that can only measure with one of these.
bool may_measure(std::string_view sentence) {
    if (sentence.find_first_of("0123456789") != std::string_view::npos) return true;
    for (auto unit :
         {" times", "percent", " hour", " day", " week", " minute", " second", " month", "tunden",
          " Tage"}) {
        if (sentence.find(unit) != std::string_view::npos) return true;
    }
    return false;
}

}  // namespace

std::vector<Metric> find_metrics(const PlainText& text, SourceField field, Voice voice) {
    std::vector<Metric> out;
    for (const auto& span : sentences(text.text)) {
        auto sentence = std::string_view(text.text).substr(span.start, span.end - span.start);
        if (!may_measure(sentence)) continue;
        for (auto& metric : SentenceReader(sentence, span.start, text, field, voice).read()) {
            if (out.size() < most_metrics) out.push_back(std::move(metric));
        }
    }
    return out;
}

}  // namespace afterresume::agents
