#include "ai/agents/proof.h"

#include "ai/agents/markdown.h"
#include "ai/agents/metrics.h"
#include "ai/agents/verbs.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace afterresume::agents {

namespace {

bool close(double a, double b) {
    return std::abs(a - b) <= 1e-6 * std::max({1e-9, std::abs(a), std::abs(b)});
}

bool is_folded_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
}

// The letters and digits between the marks of an identifier: "resource-cache", "@scope/name".
std::vector<std::string> parts_of(std::string_view identifier) {
    std::vector<std::string> out(1);
    char last = ' ';
    for (auto c : identifier) {
        bool upper = c >= 'A' && c <= 'Z';
        bool camel = upper && last >= 'a' && last <= 'z';
        if ((camel || !(is_folded_byte(c) || upper)) && !out.back().empty()) out.emplace_back();
        if (is_folded_byte(c) || upper) out.back() += c;
        last = c;
    }
    return out;
}

}  // namespace

int month_of(std::string_view folded) {
    static constexpr auto months = std::to_array<std::string_view>(
        {"january", "february", "march", "april", "may", "june", "july", "august", "september",
         "october", "november", "december"}
    );
    for (std::size_t i = 0; i < months.size(); ++i) {
        if (folded == months[i] || (folded.size() == 3 && months[i].starts_with(folded)) ||
            (folded == "sept" && i == 8))
            return static_cast<int>(i) + 1;
    }
    return 0;
}

int trend_of(std::string_view word) {
    static constexpr auto up = std::to_array<std::string_view>(
        {"increase", "raise", "grow", "double", "triple", "boost", "expand", "quadruple"}
    );
    static constexpr auto down = std::to_array<std::string_view>(
        {"reduce", "decrease", "cut", "lower", "shrink", "halve", "shorten", "lessen"}
    );
    auto verb = find_verb(word);
    if (!verb) return 0;
    if (std::find(up.begin(), up.end(), verb->verb->lemma) != up.end()) return 1;
    return std::find(down.begin(), down.end(), verb->verb->lemma) != down.end() ? -1 : 0;
}

std::string unclipped(std::string folded) {
    static constexpr auto clipped = std::to_array<std::pair<std::string_view, std::string_view>>(
        {{"perf", "performance"},
         {"docs", "documentation"},
         {"doc", "documentation"},
         {"config", "configuration"},
         {"deps", "dependencies"},
         {"repo", "repository"},
         {"app", "application"}}
    );
    auto found = std::find_if(clipped.begin(), clipped.end(), [&](const auto& row) {
        return row.first == folded;
    });
    return found == clipped.end() ? folded : std::string(found->second);
}

Proof::Proof(std::span<const Evidence> evidence) {
    for (const auto& piece : evidence) read(piece.text);
}

void Proof::read(const std::string& text) {
    auto plain = plain_text(text);
    read_tokens(text);
    read_tokens(plain.text);
    for (auto& metric : find_metrics(plain, SourceField::content))
        changes_.push_back(std::move(metric));
    folded_ += fold(text);
    folded_ += '\n';
    folded_ += fold(plain.text);
    folded_ += '\n';
}

void Proof::read_tokens(std::string_view text) {
    auto all = tokens(text);
    for (const auto& token : all) {
        if (token.kind == TokenKind::symbol) continue;
        auto folded = fold(token.text);
        if (token.kind == TokenKind::number) {
            if (auto value = parse_number(token.text)) numbers_.insert(*value);
        }
        if (auto value = number_word(folded)) numbers_.insert(*value);
        auto trend = token.kind == TokenKind::word ? trend_of(token.text) : 0;
        rises_ = rises_ || trend > 0;
        falls_ = falls_ || trend < 0;
        stems_.insert(stem(unclipped(folded)));
        stems_.insert(stem(folded));
        if (token.kind != TokenKind::identifier && token.kind != TokenKind::reference) continue;
        for (const auto& part : parts_of(token.text)) stems_.insert(stem(fold(part)));
    }
    for (auto& quantity : quantities(all)) quantities_.push_back(std::move(quantity));
    read_dates(all);
}

void Proof::read_dates(const std::vector<Token>& all) {
    auto number = [&](std::size_t at) {
        return at < all.size() && all[at].kind == TokenKind::number
                   ? parse_number(all[at].text).value_or(0)
                   : 0.0;
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].kind == TokenKind::reference && all[i].text.size() >= 10) {
            if (auto date = LocalDate::parse(all[i].text.substr(0, 10))) {
                auto year = static_cast<int>(date->day.year());
                months_.insert({year, static_cast<int>(static_cast<unsigned>(date->day.month()))});
                numbers_.insert(year);
            }
        }
        auto year = number(i);
        if (year < 1900 || year > 2100) continue;
        if (i + 2 < all.size() && all[i + 1].text == "-" && number(i + 2) >= 1 &&
            number(i + 2) <= 12)
            months_.insert({static_cast<int>(year), static_cast<int>(number(i + 2))});
        if (auto month = i > 0 ? month_of(fold(all[i - 1].text)) : 0; month > 0)
            months_.insert({static_cast<int>(year), month});
    }
}

bool Proof::has_name(std::string_view folded) const {
    for (auto at = folded_.find(folded); at != std::string::npos;
         at = folded_.find(folded, at + 1)) {
        auto end = at + folded.size();
        bool opens = at == 0 || !is_folded_byte(folded_[at - 1]) || !is_folded_byte(folded.front());
        bool closes = end == folded_.size() || !is_folded_byte(folded_[end]) ||
                      !is_folded_byte(folded.back());
        if (opens && closes) return true;
    }
    return false;
}

bool Proof::has_quantity(const Quantity& wanted) const {
    bool other_unit = false;
    for (const auto& found : quantities_) {
        bool same_unit = found.dimension == wanted.dimension &&
                         (wanted.dimension != Dimension::money || found.unit == wanted.unit);
        if (wanted.dimension == Dimension::count
                ? found.dimension == Dimension::count && close(found.value, wanted.value)
                : same_unit && close(found.comparable(), wanted.comparable())) {
            return true;
        }
        other_unit =
            other_unit || (close(found.value, wanted.value) && found.dimension != Dimension::count);
    }
    return wanted.dimension == Dimension::count && !other_unit && has_number(wanted.value);
}

bool Proof::has_any_month(int month) const {
    return std::any_of(months_.begin(), months_.end(), [&](const auto& known) {
        return known.second == month;
    });
}

bool Proof::has_ratio(double ratio) const {
    return std::any_of(changes_.begin(), changes_.end(), [&](const Metric& change) {
        return change.ratio && std::abs(*change.ratio - ratio) < 0.05 * ratio;
    });
}

bool Proof::reverses(const Metric& wanted) const {
    bool reversed = false;
    for (const auto& change : changes_) {
        if (!change.from || !change.to || !wanted.from || !wanted.to) continue;
        if (close(*change.from, *wanted.from) && close(*change.to, *wanted.to)) return false;
        reversed = reversed || (close(*change.from, *wanted.to) && close(*change.to, *wanted.from));
    }
    return reversed;
}

}  // namespace afterresume::agents
