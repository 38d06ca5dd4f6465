// What a renderer knows of a report or résumé: headings, paragraphs, entries and bullets, and no
// meaning beyond layout. Plain values that the caller builds and owns; render.h makes bytes of
// them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace afterresume::documents {

enum class Emphasis : std::uint8_t { none, emphasised, strong, code };

// A stretch of text in one look. Links lead to http, https, mailto and tel only; of any other
// address the text stays and the link goes.
struct Span {
    std::string text{};
    Emphasis emphasis = Emphasis::none;
    std::string url{};

    bool operator==(const Span&) const = default;
};

// One paragraph or bullet. A newline is a line break; other white space is as good as one space.
struct Text {
    std::vector<Span> spans;

    Text() = default;
    Text(const char* plain) : Text(std::string(plain)) {}
    Text(std::string plain) {
        if (!plain.empty()) spans.push_back(Span{std::move(plain)});
    }
    Text(std::vector<Span> stretches) : spans(std::move(stretches)) {}

    bool empty() const { return spans.empty(); }
    bool operator==(const Text&) const = default;
};

struct Contact {
    std::string text{};
    std::string url{};
};

// A position, a project, a day. Only what is there is shown; with nothing but a title and tags it
// becomes a single line such as "Languages: C++, Go".
struct Entry {
    std::string title{};
    std::string organisation{};
    std::string location{};
    std::string dates{};
    std::string url{};
    Text summary{};
    std::vector<Text> bullets{};
    std::vector<std::string> tags{};
};

struct Section {
    std::string heading{};
    std::vector<Text> paragraphs{};
    std::vector<Text> bullets{};
    std::vector<Entry> entries{};
    std::vector<std::string> tags{};
};

struct Document {
    std::string title{};
    std::string subtitle{};
    std::string author{};
    // BCP 47; decides among others between Chinese and Japanese letter forms.
    std::string language = "en";
    std::vector<Contact> contacts{};
    std::vector<Section> sections{};
    // Small print after the last section.
    std::vector<Text> notes{};
};

}  // namespace afterresume::documents
