// skills-quality DATA: scores the taxonomy and the skill matcher on labelled data and prints one
// table.
#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include <fmt/core.h>

#include "ai/skills/matcher.h"
#include "labelled_data.h"

namespace {

using namespace afterresume;
using skill_matching::Matcher;
using skill_matching::SkillMatch;
using skill_matching::Taxonomy;

struct SpanScore {
    std::size_t sentences = 0;
    std::size_t empty = 0;
    std::size_t false_in_empty = 0;
    std::size_t wanted = 0;
    std::size_t found = 0;
    std::size_t right = 0;
    std::size_t touched = 0;   // wanted spans that some found span overlaps
    std::size_t touching = 0;  // found spans that overlap some wanted span
    std::size_t known = 0;
    std::size_t implied = 0;  // share the span of another match, so no spans of their own
};

double percent(std::size_t part, std::size_t whole) {
    return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

double f1(double precision, double recall) {
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
}

bool overlap(const quality::ByteSpan& span, const SkillMatch& match) {
    return match.start < span.second && span.first < match.end;
}

void add(
    SpanScore& score, const quality::LabelledSentence& sentence, std::vector<SkillMatch> matches
) {
    score.implied += static_cast<std::size_t>(std::erase_if(matches, [](const auto& match) {
        return match.implied;
    }));
    ++score.sentences;
    score.wanted += sentence.spans.size();
    score.found += matches.size();
    if (sentence.spans.empty()) {
        ++score.empty;
        score.false_in_empty += matches.size();
    }
    for (const auto& match : matches) {
        score.known += match.known ? 1 : 0;
        score.right +=
            std::ranges::count(sentence.spans, quality::ByteSpan{match.start, match.end});
        score.touching += std::ranges::any_of(sentence.spans, [&](const auto& span) {
            return overlap(span, match);
        });
    }
    for (const auto& span : sentence.spans) {
        score.touched +=
            std::ranges::any_of(matches, [&](const auto& match) { return overlap(span, match); });
    }
}

void print(std::string_view name, const SpanScore& score) {
    auto precision = percent(score.right, score.found);
    auto recall = percent(score.right, score.wanted);
    auto relaxed = f1(percent(score.touching, score.found), percent(score.touched, score.wanted));
    fmt::print(
        "| {} | {} | {:.1f} | {:.1f} | **{:.1f}** | {:.1f} | {:.1f} | {:.1f} | {} |\n", name,
        score.wanted, precision, recall, f1(precision, recall), relaxed,
        percent(score.false_in_empty, score.empty), percent(score.known, score.found), score.implied
    );
}

void score_spans(const std::filesystem::path& data, const Matcher& matcher) {
    SpanScore tech;
    SpanScore house;
    SpanScore both;
    for (const auto& sentence :
         quality::read_labelled_sentences(data / "skill-spans/skillspan/dev.json")) {
        auto matches = matcher.find(sentence.text);
        add(both, sentence, matches);
        add(sentence.source == quality::Source::tech ? tech : house, sentence, matches);
    }
    fmt::print(
        "| SkillSpan dev, knowledge | spans | P | R | strict F1 | overlap F1 | false / 100 empty | "
        "known % | implied |\n"
    );
    fmt::print("|---|---|---|---|---|---|---|---|---|\n");
    print("tech", tech);
    print("house", house);
    print("both", both);
}

struct TopicScore {
    std::set<std::string> topics;
    std::set<std::string> covered;
    std::size_t notes = 0;
    std::size_t recalled = 0;
    std::size_t first = 0;  // the topic is the skill with the most evidence in the note
    std::map<std::string, std::size_t> missed;
};

bool names_skill(const SkillMatch& match, const skill_matching::Skill& skill) {
    return match.slug == skill.slug ||
           std::ranges::find(match.also, skill.slug) != match.also.end();
}

void add(
    TopicScore& score, const quality::Note& note, const Taxonomy& taxonomy, const Matcher& matcher
) {
    score.topics.insert(note.topic);
    const auto* skill = taxonomy.find_by_name(note.topic);
    if (skill == nullptr) return;
    score.covered.insert(note.topic);
    ++score.notes;
    auto matches = matcher.find(note.text);
    if (std::ranges::none_of(matches, [&](const auto& match) {
            return names_skill(match, *skill);
        })) {
        ++score.missed[note.topic];
        return;
    }
    ++score.recalled;
    std::map<std::string, std::size_t> evidence;
    for (const auto& match : matches) ++evidence[match.slug];
    auto most =
        std::ranges::max_element(evidence, {}, [](const auto& entry) { return entry.second; });
    if (evidence[skill->slug] == most->second) ++score.first;
}

void score_topics(
    const std::filesystem::path& data, const Taxonomy& taxonomy, const Matcher& matcher
) {
    TopicScore score;
    for (std::string_view file : {"til-jbranchaud.jsonl", "til-simonw.jsonl"}) {
        for (const auto& note : quality::read_notes(data / "work-log" / file))
            add(score, note, taxonomy, matcher);
    }
    fmt::print("\n| TIL notes | of | % |\n|---|---|---|\n");
    fmt::print(
        "| distinct topics in the taxonomy | {} | {:.1f} |\n", score.topics.size(),
        percent(score.covered.size(), score.topics.size())
    );
    fmt::print(
        "| topic found in its note | {} | {:.1f} |\n", score.notes,
        percent(score.recalled, score.notes)
    );
    fmt::print(
        "| topic has the most evidence | {} | {:.1f} |\n", score.notes,
        percent(score.first, score.notes)
    );
    fmt::print("\nmissed most:");
    for (const auto& [topic, count] : score.missed) {
        if (count > 1) fmt::print(" {} {}", topic, count);
    }
    fmt::print("\n");
}

void score_names(
    const Taxonomy& taxonomy, std::string_view title,
    const std::vector<quality::NameQuestion>& questions
) {
    std::size_t covered = 0;
    std::size_t aliases = 0;
    std::size_t resolved = 0;
    std::size_t right = 0;
    for (const auto& question : questions) {
        const auto* skill = taxonomy.find_by_name(question.name);
        if (skill == nullptr) continue;
        ++covered;
        for (const auto& alias : question.aliases) {
            const auto* other = taxonomy.find_by_name(alias);
            ++aliases;
            resolved += other != nullptr ? 1 : 0;
            right += other == skill ? 1 : 0;
        }
    }
    fmt::print(
        "| {} | {} | {:.1f} | {} | {:.1f} | {:.1f} |\n", title, questions.size(),
        percent(covered, questions.size()), aliases, percent(resolved, aliases),
        percent(right, resolved)
    );
}

void score_taxonomy(const std::filesystem::path& data, const Taxonomy& taxonomy) {
    auto folder = data / "taxonomy";
    fmt::print(
        "\n| names of | entries | known % | their aliases | resolved % | to the same skill % |\n"
    );
    fmt::print("|---|---|---|---|---|---|\n");
    score_names(
        taxonomy, "github/explore",
        quality::read_names(folder / "github-explore-topics.jsonl", "display_name", "aliases")
    );
    score_names(
        taxonomy, "devicon", quality::read_names(folder / "devicon-names.json", "name", "altnames")
    );
    score_names(
        taxonomy, "tanova",
        quality::read_names(folder / "tanova-skills.json", "canonical_name", "aliases")
    );
}

// By the time of the processor, so that a busy machine changes little.
template <typename Work>
double megabytes_per_second(std::size_t bytes, Work work) {
    double best = 0;
    for (int round = 0; round < 3; ++round) {
        auto begun = std::clock();
        work();
        auto seconds = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
        best = std::max(best, static_cast<double>(bytes) / 1e6 / seconds);
    }
    return best;
}

void measure_speed(const std::filesystem::path& data, const Matcher& matcher) {
    std::string text;
    for (std::string_view file : {"til-simonw.jsonl", "til-jbranchaud.jsonl"}) {
        for (const auto& note : quality::read_notes(data / "work-log" / file))
            text += note.text + "\n\n";
    }
    std::string large;
    while (large.size() < 20'000'000) large += text;
    std::size_t seen = 0;
    auto pass = megabytes_per_second(large.size(), [&] {
        seen += matcher.names().count_raw_matches(large);
    });
    auto names =
        megabytes_per_second(large.size(), [&] { seen += matcher.names().find(large).size(); });
    auto whole = megabytes_per_second(text.size(), [&] { seen += matcher.find(text).size(); });
    const auto& automaton = matcher.names().automaton();
    fmt::print(
        "\n| speed, one core ({} patterns, {} states, {:.1f} MB) | MB/s |\n|---|---|\n",
        matcher.names().pattern_count(), automaton.state_count(), double(automaton.bytes()) / 1e6
    );
    fmt::print(
        "| automaton | {:.0f} |\n| names with boundaries and context | {:.0f} |\n", pass, names
    );
    fmt::print("| whole matcher with the span tagger | {:.1f} |\n", whole);
    if (seen == 0) fmt::print("nothing was found\n");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "usage: skills-quality DATA\n");
        return 2;
    }
    auto begun = std::chrono::steady_clock::now();
    auto taxonomy = Taxonomy::built_in();
    auto read = std::chrono::steady_clock::now();
    Matcher matcher(taxonomy);
    auto built = std::chrono::steady_clock::now();
    std::filesystem::path data = argv[1];
    score_spans(data, matcher);
    score_topics(data, taxonomy, matcher);
    score_taxonomy(data, taxonomy);
    measure_speed(data, matcher);
    using Milliseconds = std::chrono::duration<double, std::milli>;
    fmt::print(
        "\n{} skills, {} names and aliases; taxonomy read in {:.1f} ms, matcher built in {:.1f} "
        "ms\n",
        taxonomy.skills().size(), taxonomy.name_count(), Milliseconds(read - begun).count(),
        Milliseconds(built - read).count()
    );
    return 0;
}
