#include "ai/agents/quantities.h"

#include "ai/agents/units.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace afterresume::agents {

namespace {

// What stands before a number that names a thing and counts nothing: "port 8080", "step 2", "Node
// 18".
bool names_a_thing(const Token& before) {
    static constexpr auto labels = std::to_array<std::string_view>(
        {"version", "port",    "issue",   "line",    "lines",     "page",  "step",
         "chapter", "section", "part",    "phase",   "level",     "pr",    "ticket",
         "id",      "room",    "error",   "code",    "status",    "http",  "sprint",
         "week",    "day",     "quarter", "article", "paragraph", "grade", "release",
         "exit",    "vuln",    "item",    "es",      "rfc"}
    );
    auto folded = fold(before.text);
    if (std::find(labels.begin(), labels.end(), folded) != labels.end()) return true;
    return before.kind == TokenKind::identifier;
}

bool is_month(std::string_view folded) {
    static constexpr auto months = std::to_array<std::string_view>(
        {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
    );
    return folded.size() >= 3 &&
           std::find(months.begin(), months.end(), folded.substr(0, 3)) != months.end() &&
           (folded.size() == 3 || folded.size() <= 9) &&
           (folded == "may" || folded.size() == 3 || folded == "march" || folded == "april" ||
            folded == "june" || folded == "july" || folded == "january" || folded == "february" ||
            folded == "august" || folded == "september" || folded == "october" ||
            folded == "november" || folded == "december");
}

class Collector {
public:
    explicit Collector(const std::vector<Token>& all) : tokens_(all) {}

    std::vector<Quantity> collect() && {
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            if (auto found = at(i)) {
                i = found->last;
                out_.push_back(std::move(*found));
            }
        }
        return std::move(out_);
    }

private:
    bool touches(std::size_t i) const { return i > 0 && tokens_[i - 1].end == tokens_[i].start; }

    std::optional<Quantity> at(std::size_t i) const {
        const auto& token = tokens_[i];
        std::optional<double> value;
        if (token.kind == TokenKind::number) value = parse_number(token.text);
        if (token.kind == TokenKind::word) value = number_word(fold(token.text));
        if (!value || (token.kind == TokenKind::number && !counts(i, *value))) return std::nullopt;
        Quantity out;
        out.value = *value;
        out.first = out.last = i;
        prefix(out);
        suffix(out);
        if (token.kind == TokenKind::word && out.unit.empty()) return std::nullopt;
        out.span = {tokens_[out.first].start, tokens_[out.last].end};
        return out;
    }

    bool counts(std::size_t i, double value) const {
        bool follows_unit = i + 1 < tokens_.size() && (find_unit(tokens_[i + 1].text) != nullptr ||
                                                       multiplier(tokens_[i + 1].text));
        if (i == 0) return true;
        const auto& before = tokens_[i - 1];
        auto folded = fold(before.text);
        if (touches(i)) {
            // "CVE-2024-1", "utf-8", "$1" of a shell: glued to a word by a hyphen.
            if (before.text == "-" && i > 1 && touches(i - 1) &&
                tokens_[i - 2].kind != TokenKind::number)
                return false;
            if (before.kind == TokenKind::word) return false;
            if (before.text == ":" && i > 1 && touches(i - 1)) return false;
        }
        if (follows_unit) return true;
        if (is_month(folded) || (value >= 1900 && value <= 2100 && tokens_[i].text.size() == 4))
            return false;
        if (i + 1 < tokens_.size() && value <= 31 && is_month(fold(tokens_[i + 1].text)))
            return false;
        return !names_a_thing(before) && !is_product_name(before, i);
    }

    // "Python 3", "Angular 17": a name before a bare number makes it a version. A sentence's first
    // word may be a verb.
    bool is_product_name(const Token& before, std::size_t i) const {
        return before.kind == TokenKind::word && is_upper_first(before.text) && i > 1 &&
               !touches(i);
    }

    void prefix(Quantity& out) const {
        if (out.first == 0) return;
        const auto* before = &tokens_[out.first - 1];
        if (const auto* unit = find_unit(before->text);
            unit != nullptr && unit->dimension == Dimension::money) {
            set(out, *unit);
            --out.first;
            if (out.first == 0) return;
            before = &tokens_[out.first - 1];
        }
        bool sign = before->text == "+" || before->text == "-" || before->text == "−" ||
                    before->text == "–";
        bool opens = out.first < 2 || tokens_[out.first - 2].end < before->start;
        if (sign && opens && before->end == tokens_[out.first].start) {
            out.sign = before->text == "+" ? '+' : '-';
            --out.first;
        }
    }

    static void set(Quantity& out, const Unit& unit) {
        out.unit = unit.canonical;
        out.dimension = unit.dimension;
        out.scale = unit.scale;
    }

    void suffix(Quantity& out) const {
        auto next = out.last + 1;
        if (next < tokens_.size()) {
            if (auto times = multiplier(tokens_[next].text)) {
                out.value *= *times;
                out.last = next++;
            }
        }
        if (next < tokens_.size() && tokens_[next].text == "-" && touches(next) &&
            next + 1 < tokens_.size() && touches(next + 1))
            ++next;
        if (next >= tokens_.size()) return;
        if (const auto* unit = find_unit(tokens_[next].text)) {
            set(out, *unit);
            out.last = next;
            per(out);
        } else if (out.unit.empty() && tokens_[next].kind == TokenKind::word && is_plural(next)) {
            out.unit = fold(tokens_[next].text);
            out.last = next;
            per(out);
        }
        if (!out.unit.empty() && out.dimension == Dimension::money) per(out);
    }

    bool is_plural(std::size_t i) const {
        auto folded = fold(tokens_[i].text);
        return folded.size() > 3 && folded.back() == 's' && folded[folded.size() - 2] != 's' &&
               !is_function_word(folded) && tokens_[i].text[0] == folded[0];
    }

    // "12k €/month", "900 requests per second".
    void per(Quantity& out) const {
        auto next = out.last + 1;
        if (next + 1 >= tokens_.size()) return;
        auto joint = fold(tokens_[next].text);
        if (joint != "/" && joint != "per" && joint != "a" && joint != "pro") return;
        const auto* unit = find_unit(tokens_[next + 1].text);
        if (unit == nullptr || unit->dimension != Dimension::time) return;
        if (out.dimension == Dimension::time) return;
        out.unit += '/';
        out.unit += unit->canonical;
        out.last = next + 1;
    }

    const std::vector<Token>& tokens_;
    std::vector<Quantity> out_;
};

}  // namespace

std::optional<double> parse_number(std::string_view text) {
    std::string plain;
    auto last = text.find_last_of(".,");
    auto separators =
        std::count_if(text.begin(), text.end(), [](char c) { return c == '.' || c == ','; });
    // A comma before exactly three digits groups thousands; a single point before three digits is a
    // decimal point.
    bool grouped = last != std::string_view::npos && text.size() - last == 4 &&
                   (text[last] == ',' || separators > 1) && text[0] != '0';
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] >= '0' && text[i] <= '9') plain += text[i];
        if (i == last && !grouped) plain += '.';
    }
    double value = 0;
    auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
    if (error != std::errc{} || end != plain.data() + plain.size()) return std::nullopt;
    return value;
}

std::optional<double> number_word(std::string_view folded) {
    static constexpr auto words = std::to_array<std::pair<std::string_view, double>>(
        {{"two", 2},     {"three", 3},  {"four", 4},     {"five", 5},      {"six", 6},
         {"seven", 7},   {"eight", 8},  {"nine", 9},     {"ten", 10},      {"eleven", 11},
         {"twelve", 12}, {"dozen", 12}, {"fifteen", 15}, {"twenty", 20},   {"thirty", 30},
         {"forty", 40},  {"fifty", 50}, {"sixty", 60},   {"hundred", 100}, {"zwei", 2},
         {"drei", 3},    {"vier", 4},   {"funf", 5},     {"sechs", 6},     {"sieben", 7},
         {"acht", 8},    {"zehn", 10},  {"zwolf", 12},   {"zwanzig", 20},  {"hundert", 100}}
    );
    auto found = std::find_if(words.begin(), words.end(), [&](const auto& row) {
        return row.first == folded;
    });
    if (found == words.end()) return std::nullopt;
    return found->second;
}

std::vector<Quantity> quantities(const std::vector<Token>& tokens) {
    return Collector(tokens).collect();
}

}  // namespace afterresume::agents
