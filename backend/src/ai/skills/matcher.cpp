#include "ai/skills/matcher.h"

#include <algorithm>
#include <unordered_set>

#include "ai/skills/embedded.h"
#include "ai/skills/folding.h"
#include "ai/skills/span_features.h"
#include "ai/skills/tokens.h"

namespace afterresume::skill_matching {

namespace {

constexpr float plain_confidence = 0.9F;
constexpr float settled_confidence = 0.75F;

constexpr double implied_share = 0.5;

bool stands_alone(const NameHit& hit, const Taxonomy& taxonomy) {
    return hit.certainty != Certainty::doubtful && taxonomy.skill(hit.skill).kind == Kind::tool;
}

// A span is an entry of the taxonomy when entries' names make up most of it.
bool name_span(const std::vector<const NameHit*>& hits, std::uint32_t start, std::uint32_t end) {
    std::uint32_t covered = 0;
    for (const auto* hit : hits) covered += std::min(hit->end, end) - std::max(hit->start, start);
    return covered * 2 >= end - start;
}

}  // namespace

Matcher::Matcher(const Taxonomy& taxonomy)
    : taxonomy_(taxonomy), names_(taxonomy), spans_(SpanModel::parse(embedded_span_weights())) {}

std::vector<Matcher::Found> Matcher::tagged(std::string_view text, const std::vector<NameHit>& hits)
    const {
    std::vector<Found> found;
    for (const auto& sentence : sentences_of(text)) {
        SentenceFeatures features(text, sentence, hits, taxonomy_);
        std::vector<LabelScores> scores(sentence.size());
        for (std::size_t token = 0; token < sentence.size(); ++token) {
            features.for_each(token, [&](const Feature& feature) {
                spans_.add_weights(hash_of(feature), scores[token]);
            });
        }
        for (const auto& span : spans_.decode(std::move(scores))) {
            auto start = sentence[span.first].start;
            if (text.substr(start, sentence[span.last].end - start).find("://") !=
                std::string_view::npos)
                continue;
            found.push_back({sentence[span.first].start, sentence[span.last].end, span.probability}
            );
        }
    }
    return found;
}

SkillMatch Matcher::match_of(
    std::string_view text, const Found& found, std::vector<const NameHit*> inside
) const {
    SkillMatch match;
    match.start = found.start;
    match.end = found.end;
    match.text = text.substr(found.start, found.end - found.start);
    match.confidence = found.probability;
    std::ranges::sort(inside, [](const NameHit* left, const NameHit* right) {
        auto longer = left->end - left->start;
        auto shorter = right->end - right->start;
        return longer != shorter ? longer > shorter : left->start < right->start;
    });
    bool named = name_span(inside, found.start, found.end);
    for (const auto* hit : inside) {
        const auto& skill = taxonomy_.skill(hit->skill);
        if (!named && !stands_alone(*hit, taxonomy_)) continue;
        if (match.slug.empty()) {
            match.slug = skill.slug;
            match.name = skill.name;
            match.known = true;
        } else if (skill.slug != match.slug) {
            match.also.push_back(skill.slug);
        }
    }
    if (!match.known) {
        match.slug = slug_of(match.text);
        match.name = match.text;
        match.confidence *= 0.8;
    }
    return match;
}

std::vector<SkillMatch> Matcher::find(std::string_view text) const {
    auto hits = names_.find(text);
    auto spans = tagged(text, hits);
    std::vector<SkillMatch> matches;
    std::size_t next = 0;
    auto add_names_before = [&](std::uint32_t limit) {
        for (; next < hits.size() && hits[next].end <= limit; ++next) {
            if (!stands_alone(hits[next], taxonomy_)) continue;
            auto sure =
                hits[next].certainty == Certainty::plain ? plain_confidence : settled_confidence;
            matches.push_back(
                match_of(text, {hits[next].start, hits[next].end, sure}, {&hits[next]})
            );
        }
    };
    for (const auto& span : spans) {
        add_names_before(span.start);
        std::vector<const NameHit*> inside;
        auto whole = span;
        for (; next < hits.size() && hits[next].start < span.end; ++next) {
            inside.push_back(&hits[next]);
            if (stands_alone(hits[next], taxonomy_))
                whole.start = std::min(whole.start, hits[next].start);
        }
        matches.push_back(match_of(text, whole, inside));
    }
    add_names_before(static_cast<std::uint32_t>(std::min<std::size_t>(text.size(), 0xFFFF'FFFFU)));
    std::erase_if(matches, [](const SkillMatch& match) { return match.slug.empty(); });
    add_implied(matches);
    return matches;
}

void Matcher::add_implied(std::vector<SkillMatch>& matches) const {
    std::unordered_set<std::string> named;
    for (const auto& match : matches) {
        named.insert(match.slug);
        named.insert(match.also.begin(), match.also.end());
    }
    std::vector<SkillMatch> with_implied;
    with_implied.reserve(matches.size());
    for (auto& match : matches) {
        const auto* skill = match.known ? taxonomy_.find_by_slug(match.slug) : nullptr;
        const auto* wider = skill == nullptr ? nullptr : taxonomy_.find_by_slug(skill->parent);
        with_implied.push_back(std::move(match));
        if (wider == nullptr || !named.insert(wider->slug).second) continue;
        SkillMatch implied = with_implied.back();
        implied.slug = wider->slug;
        implied.name = wider->name;
        implied.confidence *= implied_share;
        implied.implied = true;
        implied.also.clear();
        with_implied.push_back(std::move(implied));
    }
    matches = std::move(with_implied);
}

}  // namespace afterresume::skill_matching
