#include "labelled_data.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include <boost/json.hpp>

namespace afterresume::quality {

namespace {

std::vector<boost::json::value> read_lines(const std::filesystem::path& file) {
    std::ifstream input(file);
    if (!input) throw std::runtime_error("cannot read " + file.string());
    std::vector<boost::json::value> values;
    for (std::string line; std::getline(input, line);) {
        if (!line.empty()) values.push_back(boost::json::parse(line));
    }
    return values;
}

std::string text_of(const boost::json::value& value) {
    return std::string(std::string_view(value.as_string()));
}

LabelledSentence sentence_of(const boost::json::object& row) {
    LabelledSentence sentence{
        row.at("idx").to_number<long>(),
        row.at("source") == "tech" ? Source::tech : Source::house,
        {},
        {}
    };
    const auto& tokens = row.at("tokens").as_array();
    const auto& tags = row.at("tags_knowledge").as_array();
    for (std::size_t index = 0; index < tokens.size(); ++index) {
        if (index > 0) sentence.text += ' ';
        auto start = sentence.text.size();
        sentence.text += std::string_view(tokens[index].as_string());
        if (tags[index] == "B") sentence.spans.emplace_back(start, sentence.text.size());
        if (tags[index] == "I" && !sentence.spans.empty())
            sentence.spans.back().second = sentence.text.size();
    }
    return sentence;
}

}  // namespace

std::vector<LabelledSentence> read_labelled_sentences(const std::filesystem::path& file) {
    std::vector<LabelledSentence> sentences;
    for (const auto& row : read_lines(file)) sentences.push_back(sentence_of(row.as_object()));
    return sentences;
}

std::vector<Note> read_notes(const std::filesystem::path& file) {
    std::vector<Note> notes;
    for (const auto& row : read_lines(file)) {
        notes.push_back({text_of(row.at("topic")), text_of(row.at("text"))});
    }
    return notes;
}

std::vector<NameQuestion> read_names(
    const std::filesystem::path& file, std::string_view name_key, std::string_view aliases_key
) {
    auto rows = file.extension() == ".jsonl" ? boost::json::array()
                                             : boost::json::parse(read_text(file)).as_array();
    if (file.extension() == ".jsonl") {
        for (auto& row : read_lines(file)) rows.push_back(std::move(row));
    }
    std::vector<NameQuestion> questions;
    for (const auto& row : rows) {
        NameQuestion question{text_of(row.at(name_key)), {}};
        for (const auto& alias : row.at(aliases_key).as_array())
            question.aliases.push_back(text_of(alias));
        questions.push_back(std::move(question));
    }
    return questions;
}

std::string read_text(const std::filesystem::path& file) {
    std::ifstream input(file, std::ios::binary);
    if (!input) throw std::runtime_error("cannot read " + file.string());
    return {std::istreambuf_iterator<char>(input), {}};
}

}  // namespace afterresume::quality
