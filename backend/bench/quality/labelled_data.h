// Reads the labelled data that the quality programs score against. Plain values, owned by the
// caller.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace afterresume::quality {

using ByteSpan = std::pair<std::size_t, std::size_t>;

enum class Source { tech, house };

struct LabelledSentence {
    long posting;
    Source source;
    std::string text;  // the tokens joined by single spaces
    std::vector<ByteSpan> spans;
};

struct Note {
    std::string topic;
    std::string text;
};

struct NameQuestion {
    std::string name;
    std::vector<std::string> aliases;
};

// SkillSpan JSON lines; the spans are those of `tags_knowledge`.
std::vector<LabelledSentence> read_labelled_sentences(const std::filesystem::path& file);

std::vector<Note> read_notes(const std::filesystem::path& file);

// Names with aliases from an array of objects, or from JSON lines.
std::vector<NameQuestion> read_names(
    const std::filesystem::path& file, std::string_view name_key, std::string_view aliases_key
);

// Throws std::runtime_error when the file cannot be read.
std::string read_text(const std::filesystem::path& file);

}  // namespace afterresume::quality
