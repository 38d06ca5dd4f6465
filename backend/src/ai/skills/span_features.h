// What the span tagger looks at: for each token of a sentence the names of its features. Pure. The
// trainer in bench/quality and the tagger share this file, so weights and features cannot drift
// apart.
#pragma once

#include "ai/skills/feature.h"
#include "ai/skills/name_context.h"
#include "ai/skills/taxonomy.h"
#include "ai/skills/tokens.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace afterresume::skill_matching {

// At most `size` bytes from either end of a word, never half a code point.
std::string_view first_bytes(std::string_view word, std::size_t size);
std::string_view last_bytes(std::string_view word, std::size_t size);

class SentenceFeatures {
public:
    // `hits` are those of the whole text, ordered; only those inside the sentence are used.
    SentenceFeatures(
        std::string_view text, const Sentence& sentence, std::span<const NameHit> hits,
        const Taxonomy& taxonomy
    );

    template <typename Visit>
    void for_each(std::size_t token, Visit visit) const;

    std::size_t size() const { return tokens_.size(); }

private:
    struct Text {
        Text(std::string value) : text(std::move(value)), hash(hash_of(std::string_view(text))) {}
        operator Value() const { return {text, hash}; }

        std::string text;
        std::uint64_t hash;
    };

    struct Seen {
        Text word;              // folded
        Text shape;             // "Xx", "XX", "xX", "d", "x.x", ...
        Text name = Text("-");  // how a taxonomy name covers it: "Bt", "Ic", or "-"
        Text category = Text("-");
        Text first3, last2, last3, last4;
    };

    template <typename Visit>
    void for_each_of_words(std::size_t token, Visit& visit) const;
    template <typename Visit>
    void for_each_of_names(std::size_t token, Visit& visit) const;

    static Seen seen_of(std::string word, std::string shape);

    void mark_names(
        std::span<const NameHit> hits, const Taxonomy& taxonomy, const Sentence& sentence
    );
    const Seen& at(std::size_t token, int offset) const;

    std::vector<Seen> tokens_;
    Seen before_ = seen_of("<s>", "-");
    Seen after_ = seen_of("</s>", "-");
    Text length_ = Text("0");
    Text title_ = Text("plain");
    Text density_ = Text("0");
};

template <typename Visit>
void SentenceFeatures::for_each(std::size_t token, Visit visit) const {
    static const Text first("first");
    static const Text middle("mid");
    static const Text last("last");
    const auto& here = tokens_[token];
    const auto& place = token == 0 ? first : token + 1 == size() ? last : middle;
    for_each_of_words(token, visit);
    for_each_of_names(token, visit);
    visit(Feature{"l", length_, here.name});
    visit(Feature{"lp", place, length_});
    visit(Feature{"t", title_, here.name});
    visit(Feature{"d", density_, here.name});
    visit(Feature{"dh", density_, here.shape});
    for (int back = 1; back <= 6; ++back) visit(Feature{"k-", at(token, -back).word});
    for (int ahead = 1; ahead <= 3; ++ahead) visit(Feature{"k+", at(token, ahead).word});
}

template <typename Visit>
void SentenceFeatures::for_each_of_words(std::size_t token, Visit& visit) const {
    const auto& here = tokens_[token];
    const auto& previous = at(token, -1);
    const auto& next = at(token, 1);
    visit(Feature{"b", Value{"", 0}});
    visit(Feature{"w", here.word});
    visit(Feature{"w-", previous.word});
    visit(Feature{"w+", next.word});
    visit(Feature{"w--", at(token, -2).word});
    visit(Feature{"w++", at(token, 2).word});
    visit(Feature{"ww-", previous.word, here.word});
    visit(Feature{"ww+", here.word, next.word});
    visit(Feature{"p3", here.first3});
    visit(Feature{"s2", here.last2});
    visit(Feature{"s3", here.last3});
    visit(Feature{"s4", here.last4});
    visit(Feature{"s3-", previous.last3});
    visit(Feature{"s3+", next.last3});
    visit(Feature{"h", here.shape});
    visit(Feature{"h-", previous.shape, here.shape});
    visit(Feature{"h+", here.shape, next.shape});
}

template <typename Visit>
void SentenceFeatures::for_each_of_names(std::size_t token, Visit& visit) const {
    const auto& here = tokens_[token];
    const auto& previous = at(token, -1);
    const auto& next = at(token, 1);
    visit(Feature{"n", here.name});
    visit(Feature{"n-", previous.name, here.name});
    visit(Feature{"n+", here.name, next.name});
    visit(Feature{"nc", here.name, here.category});
    visit(Feature{"nh", here.name, here.shape});
    visit(Feature{"nw-", here.name, previous.word});
    visit(Feature{"nw+", here.name, next.word});
    visit(Feature{"nw--", here.name, at(token, -2).word});
    visit(Feature{"nw", here.name, here.word});
    visit(Feature{"c-", previous.category, here.category});
    visit(Feature{"c+", here.category, next.category});
    visit(Feature{"cw-", here.category, previous.word});
    visit(Feature{"cw+", here.category, next.word});
    visit(Feature{"n2", at(token, -2).name, here.name});
    visit(Feature{"n2+", here.name, at(token, 2).name});
}

}  // namespace afterresume::skill_matching
