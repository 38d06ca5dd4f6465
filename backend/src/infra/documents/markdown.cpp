#include "infra/documents/clean.h"
#include "infra/documents/inline_markdown.h"
#include "infra/documents/render.h"

#include <fmt/format.h>

#include <utility>

namespace afterresume::documents {

namespace {

class MarkdownPage {
public:
    std::string write(const Document& document) {
        if (!document.title.empty()) block("# " + text_to_markdown(document.title));
        if (!document.subtitle.empty()) block(strong(document.subtitle));
        block(contacts(document.contacts));
        for (const auto& section : document.sections) add(section);
        if (!document.notes.empty()) block("---");
        for (const auto& note : document.notes) block(text_to_markdown(note));
        return std::move(out_);
    }

private:
    void block(const std::string& text) {
        if (text.empty()) return;
        if (!out_.empty()) out_ += '\n';
        out_ += text;
        out_ += '\n';
    }

    static std::string strong(const std::string& text) {
        return text_to_markdown(std::vector{Span{text, Emphasis::strong}});
    }

    static void join(std::string& line, const std::string& part) {
        if (!line.empty() && !part.empty()) line += " · ";
        line += part;
    }

    static std::string contacts(const std::vector<Contact>& all) {
        std::string line;
        for (const auto& each : all) {
            join(line, text_to_markdown(std::vector{Span{each.text, Emphasis::none, each.url}}));
        }
        return line;
    }

    void add(const Section& section) {
        if (!section.heading.empty()) block("## " + text_to_markdown(section.heading));
        for (const auto& text : section.paragraphs) block(text_to_markdown(text));
        bullets(section.bullets);
        std::string lines;
        for (const auto& entry : section.entries) {
            if (is_one_line(entry)) {
                lines += fmt::format("{}- {}", lines.empty() ? "" : "\n", one_line(entry));
                continue;
            }
            block(std::exchange(lines, {}));
            add(entry);
        }
        block(lines);
        block(text_to_markdown(joined(section.tags, ", ")));
    }

    static std::string one_line(const Entry& entry) {
        auto colon = entry.title.back() == ':' ? "" : ":";
        return text_to_markdown(std::vector{
            Span{entry.title + colon, Emphasis::strong},
            Span{" " + joined(entry.tags, ", "), Emphasis::none}
        });
    }

    void add(const Entry& entry) {
        if (!entry.title.empty()) block("### " + text_to_markdown(entry.title));
        auto details = entry.organisation.empty() ? std::string() : strong(entry.organisation);
        join(details, text_to_markdown(entry.location));
        join(details, text_to_markdown(entry.dates));
        join(
            details,
            text_to_markdown(std::vector{Span{display_url(entry.url), Emphasis::none, entry.url}})
        );
        block(details);
        block(text_to_markdown(entry.summary));
        bullets(entry.bullets);
        block(text_to_markdown(std::vector{Span{joined(entry.tags, ", "), Emphasis::emphasised}}));
    }

    void bullets(const std::vector<Text>& texts) {
        std::string list;
        for (const auto& text : texts) {
            if (!list.empty()) list += '\n';
            list += "- ";
            for (char c : text_to_markdown(text)) {
                list += c;
                if (c == '\n') list += "  ";
            }
        }
        block(list);
    }

    std::string out_;
};

}  // namespace

std::string to_markdown(const Document& document) {
    return MarkdownPage().write(cleaned(document));
}

}  // namespace afterresume::documents
