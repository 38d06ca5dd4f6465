// A feature of the span tagger and its hash, by which the weights are found. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace afterresume::skill_matching {

// A value of a feature with its hash, which is computed once however many features use it.
struct Value {
    std::string_view text;
    std::uint64_t hash;
};

std::uint64_t hash_of(std::string_view text);

// One feature of a token: a template's name and up to two values.
struct Feature {
    constexpr Feature(
        std::string_view template_name, Value first_value, Value second_value = {{}, 0}
    )
        : name(template_name), first(first_value), second(second_value) {}

    std::string_view name;
    Value first;
    Value second;
};

// "name<TAB>first<TAB>second", the form it has in the file of weights.
std::string spelled(const Feature& feature);

constexpr std::uint64_t hash_of(const Feature& feature) {
    std::uint64_t hash = 0;
    for (char letter : feature.name) hash = hash * 131 + static_cast<unsigned char>(letter);
    hash = hash * 0x9E37'79B9'7F4A'7C15ULL + feature.first.hash;
    hash = (hash ^ (hash >> 29)) * 0xBF58'476D'1CE4'E5B9ULL +
           feature.second.hash * 0x94D0'49BB'1331'11EBULL;
    return hash ^ (hash >> 32);
}

}  // namespace afterresume::skill_matching
