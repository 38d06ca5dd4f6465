#include "ai/agents/telling.h"

#include "ai/agents/markdown.h"
#include "ai/agents/metrics.h"
#include "ai/agents/ordered.h"
#include "core/text.h"

#include <algorithm>
#include <map>

namespace afterresume::agents {

namespace {

constexpr std::size_t longest_result = 170;
constexpr double recency_points = 15;

EntryText text_of(const LoggedEntry& entry) {
    return {entry.title, entry.content, entry.outcome, entry.tags, entry.date};
}

// The sentence that says what came of it: the outcome, else a sentence of the text with a real
// change in it.
std::string result_of(
    const LoggedEntry& entry, const EntryAnalysis& analysis, const Statement& statement
) {
    if (entry.outcome && !trim(*entry.outcome).empty()) {
        auto plain = plain_text(*entry.outcome).text;
        auto spans = sentences(plain);
        return spans.empty() ? std::string()
                             : plain.substr(spans[0].start, spans[0].end - spans[0].start);
    }
    if (statement.category == WorkCategory::learning) return {};
    auto said = shingles(statement.text);
    for (const auto& outcome : analysis.outcomes) {
        if (outcome.text.size() > longest_result || likeness(shingles(outcome.text), said) > 0.4)
            continue;
        for (const auto& metric : analysis.metrics) {
            bool inside = metric.field == outcome.field && metric.start >= outcome.start &&
                          metric.end <= outcome.end;
            if (inside && metric.ratio && metric.direction != MetricDirection::none)
                return outcome.text;
        }
    }
    return {};
}

// "Updated tzp.py" names a file and no achievement.
bool only_names_a_file(const Statement& statement) {
    auto all = tokens(statement.text);
    return all.size() == 2 && all[1].kind == TokenKind::identifier && statement.lemma == "update";
}

bool says_measure(const Telling& telling, const EntryAnalysis& analysis) {
    return std::any_of(analysis.metrics.begin(), analysis.metrics.end(), [&](const Metric& metric) {
        return telling.text.find(metric.text) != std::string::npos ||
               (metric.ratio && telling.text.find_first_of("0123456789") != std::string::npos);
    });
}

}  // namespace

Evidence evidence_of(const LoggedEntry& entry) {
    std::string text = entry.title.value_or("");
    auto add = [&](std::string_view part) {
        if (part.empty()) return;
        if (!text.empty()) text += '\n';
        text += part;
    };
    add(entry.content);
    add(entry.outcome.value_or(""));
    add(entry.project.value_or(""));
    add(entry.date.text());
    for (const auto& tag : entry.tags) add(tag);
    for (const auto& skill : entry.skills) add(skill);
    return {entry.id, "entry", std::move(text)};
}

std::vector<Telling> tell(std::span<const LoggedEntry> entries, std::size_t each) {
    std::vector<Telling> out;
    out.reserve(entries.size());
    for (const auto& entry : entries) {
        auto source = text_of(entry);
        auto analysis = analyse_entry(source);
        bool main = true;
        for (auto& statement : statements(source, each)) {
            Telling telling;
            telling.entry = &entry;
            telling.category = entry.category.value_or(analysis.category);
            telling.impact = entry.impact.value_or(analysis.impact) - (main ? 0 : 10) -
                             (statement.acts ? 0 : 12) - (only_names_a_file(statement) ? 12 : 0);
            telling.evidence = {entry.id};
            telling.main = main;
            auto result = main && statement.routine == Routine::none
                              ? result_of(entry, analysis, statement)
                              : std::string();
            telling.text = with_result(statement.text, result);
            telling.statement = std::move(statement);
            telling.measured = says_measure(telling, analysis);
            main = false;
            out.push_back(std::move(telling));
        }
    }
    return out;
}

std::vector<Telling> without_repetitions(std::vector<Telling> tellings, double alike) {
    sort_stably(tellings, [](const Telling& a, const Telling& b) { return a.impact > b.impact; });
    std::vector<Telling> out;
    std::vector<Shingles> kept;
    std::map<std::string, std::vector<std::size_t>> by_project;
    for (auto& telling : tellings) {
        auto own = shingles(telling.statement.text);
        auto& peers = by_project[telling.project()];
        auto same = std::find_if(peers.begin(), peers.end(), [&](std::size_t at) {
            return likeness(kept[at], own) >= alike;
        });
        if (same != peers.end()) {
            auto& ids = out[*same].evidence;
            if (std::find(ids.begin(), ids.end(), telling.evidence.front()) == ids.end())
                ids.push_back(telling.evidence.front());
            continue;
        }
        peers.push_back(out.size());
        kept.push_back(std::move(own));
        out.push_back(std::move(telling));
    }
    return out;
}

void rank(std::vector<Telling>& tellings) {
    if (tellings.empty()) return;
    auto by_date = [](const Telling& a, const Telling& b) { return a.entry->date < b.entry->date; };
    auto [oldest, newest] = std::minmax_element(tellings.begin(), tellings.end(), by_date);
    auto first = oldest->entry->date.days();
    auto range = std::max(1, newest->entry->date.days() - first);
    auto score = [&](const Telling& telling) {
        return static_cast<double>(telling.impact) +
               recency_points * (telling.entry->date.days() - first) / range;
    };
    sort_stably(tellings, [&](const Telling& a, const Telling& b) {
        auto left = score(a);
        auto right = score(b);
        if (left != right) return left > right;
        if (a.entry->date != b.entry->date) return a.entry->date > b.entry->date;
        return a.text < b.text;
    });
}

}  // namespace afterresume::agents
