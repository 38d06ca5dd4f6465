#include "ai/skills/span_features.h"

#include <algorithm>
#include <array>

#include "ai/skills/folding.h"

namespace afterresume::skill_matching {

namespace {

constexpr std::uint64_t fnv_offset = 14695981039346656037ULL;
constexpr std::uint64_t fnv_prime = 1099511628211ULL;

// Words that make a line the title of a job rather than a list of skills.
constexpr std::array<std::string_view, 20> roles{
    "developer",  "engineer", "architect", "manager",   "developers",    "engineers",  "analyst",
    "consultant", "designer", "lead",      "scientist", "administrator", "specialist", "programmer",
    "director",   "intern",   "officer",   "tester",    "professor",     "assistant"
};

bool is_role(std::string_view word) { return std::ranges::find(roles, word) != roles.end(); }

char kind_of(char32_t value) {
    if (value >= 'A' && value <= 'Z') return 'X';
    if (value >= '0' && value <= '9') return 'd';
    if (value < 0x80) return is_word(value) ? 'x' : static_cast<char>(value);
    return is_word(value) ? 'x' : '*';
}

std::string shape_of(std::string_view word) {
    std::string shape;
    for (std::size_t position = 0; position < word.size() && shape.size() < 8;) {
        auto next = code_point_at(word, position);
        position += next.size;
        auto kind = kind_of(next.value);
        if (shape.size() < 2 || shape[shape.size() - 1] != kind) {
            if (shape.size() == 1 && shape[0] == kind && kind != 'X') continue;
            shape += kind;
        }
    }
    return shape;
}

std::string bucket(std::size_t value, std::array<std::size_t, 4> limits) {
    std::size_t step = 0;
    while (step < limits.size() && value > limits[step]) ++step;
    return {static_cast<char>('0' + step)};
}

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

char letter_of(const NameHit& hit, const Skill& skill) {
    if (hit.certainty == Certainty::doubtful) return 'd';
    if (hit.certainty == Certainty::settled) return 's';
    return skill.kind == Kind::tool ? 't' : 'c';
}

}  // namespace

std::string spelled(const Feature& feature) {
    std::string text(feature.name);
    text += '\t';
    text += feature.first.text;
    text += '\t';
    text += feature.second.text;
    return text;
}

std::uint64_t hash_of(std::string_view text) {
    if (text.empty()) return 0;
    auto hash = fnv_offset;
    for (char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * fnv_prime;
    return hash;
}

SentenceFeatures::Seen SentenceFeatures::seen_of(std::string word, std::string shape) {
    auto part = [](std::string_view text) { return Text(std::string(text)); };
    auto first3 = part(first_bytes(word, 3));
    auto last2 = part(last_bytes(word, 2));
    auto last3 = part(last_bytes(word, 3));
    auto last4 = part(last_bytes(word, 4));
    return {std::move(word), std::move(shape), part("-"), part("-"), first3, last2, last3, last4};
}

std::string_view first_bytes(std::string_view word, std::size_t size) {
    if (word.size() <= size) return word;
    while (size > 0 && continues(word[size])) --size;
    return word.substr(0, size);
}

std::string_view last_bytes(std::string_view word, std::size_t size) {
    if (word.size() <= size) return word;
    while (size > 0 && continues(word[word.size() - size])) --size;
    return word.substr(word.size() - size);
}

SentenceFeatures::SentenceFeatures(
    std::string_view text, const Sentence& sentence, std::span<const NameHit> hits,
    const Taxonomy& taxonomy
) {
    bool has_role = false;
    for (const auto& token : sentence) {
        auto raw = text.substr(token.start, token.end - token.start);
        tokens_.push_back(seen_of(fold(raw), shape_of(raw)));
        has_role = has_role || is_role(tokens_.back().word.text);
    }
    mark_names(hits, taxonomy, sentence);
    auto named =
        std::ranges::count_if(tokens_, [](const Seen& seen) { return seen.name.text != "-"; });
    length_ = Text(bucket(tokens_.size(), {2, 4, 9, 25}));
    title_ = Text(has_role && tokens_.size() < 14 ? "title" : has_role ? "role" : "plain");
    density_ = Text(bucket(static_cast<std::size_t>(named) * 10 / tokens_.size(), {0, 2, 4, 7}));
}

void SentenceFeatures::mark_names(
    std::span<const NameHit> hits, const Taxonomy& taxonomy, const Sentence& sentence
) {
    auto hit = std::ranges::lower_bound(hits, sentence.front().start, {}, &NameHit::start);
    for (std::size_t token = 0; token < sentence.size() && hit != hits.end();) {
        if (sentence[token].end <= hit->start) {
            ++token;
        } else if (hit->end <= sentence[token].start) {
            ++hit;
        } else {
            const auto& skill = taxonomy.skill(hit->skill);
            bool first = hit->start >= sentence[token].start;
            if (tokens_[token].name.text == "-") {
                std::string name{first ? 'B' : 'I', letter_of(*hit, skill)};
                if (first && hit->end < sentence[token].end) name += '/';
                tokens_[token].name = Text(std::move(name));
                tokens_[token].category = Text(skill.category);
            }
            ++token;
        }
    }
}

const SentenceFeatures::Seen& SentenceFeatures::at(std::size_t token, int offset) const {
    auto index = static_cast<std::ptrdiff_t>(token) + offset;
    if (index < 0) return before_;
    return index < static_cast<std::ptrdiff_t>(tokens_.size())
               ? tokens_[static_cast<std::size_t>(index)]
               : after_;
}

}  // namespace afterresume::skill_matching
