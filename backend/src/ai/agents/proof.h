// What a set of evidence holds, made ready for looking up words, names, numbers and dates. Internal
// to the verifier.
#pragma once

#include "ai/agents/entry_analysis.h"
#include "ai/agents/logged_entry.h"
#include "ai/agents/quantities.h"

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace afterresume::agents {

class Proof {
public:
    explicit Proof(std::span<const Evidence> evidence);

    bool has_stem(const std::string& stem) const { return stems_.contains(stem); }
    // The folded text as a whole word or name somewhere in the evidence.
    bool has_name(std::string_view folded) const;
    bool has_number(double value) const { return numbers_.contains(value); }
    // The same size in the same dimension; a count also matches a bare number.
    bool has_quantity(const Quantity& quantity) const;
    bool has_month(int year, int month) const { return months_.contains({year, month}); }
    bool has_any_month(int month) const;
    bool has_ratio(double ratio) const;
    bool rises() const { return rises_; }
    bool falls() const { return falls_; }
    // Whether the evidence tells of this change only the other way round.
    bool reverses(const Metric& change) const;

private:
    void read(const std::string& text);
    void read_tokens(std::string_view text);
    void read_dates(const std::vector<Token>& all);

    std::string folded_;
    std::set<std::string> stems_;
    std::set<double> numbers_;
    std::set<double> bare_;
    std::vector<Quantity> quantities_;
    std::set<std::pair<int, int>> months_;
    std::vector<Metric> changes_;
    bool rises_ = false;
    bool falls_ = false;
};

// 1 to 12; 0 when the word is no month.
int month_of(std::string_view folded);
// 1 when the verb says that something rose, -1 fell, 0 neither.
int trend_of(std::string_view word);
// The long form of a clipped word: perf, docs, config.
std::string unclipped(std::string folded);

}  // namespace afterresume::agents
