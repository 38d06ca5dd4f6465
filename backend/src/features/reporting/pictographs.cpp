#include "features/reporting/pictographs.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace afterresume::reporting {

namespace {

bool is_arrow(UChar32 c) { return c >= 0x2190 && c <= 0x21FF; }

bool is_picture(UChar32 c) {
    if (c < 0x2000 || c == 0x203C || c == 0x2049 || c == 0x2122 || c == 0x2139 || is_arrow(c))
        return false;
    // What joins (but for ZWJ and ZWNJ, which writing needs), colours, tags and pairs emoji.
    if (c == 0xFE0F || c == 0x20E3 || (c >= 0xE0000 && c <= 0xE007F)) return true;
    if (u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) ||
        u_hasBinaryProperty(c, UCHAR_EMOJI_PRESENTATION))
        return true;
    return u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER) ||
           u_hasBinaryProperty(c, UCHAR_REGIONAL_INDICATOR) || u_charType(c) == U_PRIVATE_USE_CHAR;
}

void clean(std::string& text) { text = without_pictographs(text); }

void clean(documents::Text& text) {
    for (auto& span : text.spans) clean(span.text);
    std::erase_if(text.spans, [](const documents::Span& span) { return span.text.empty(); });
}

void clean(documents::Entry& entry) {
    for (auto* part : {&entry.title, &entry.organisation, &entry.location, &entry.dates})
        clean(*part);
    clean(entry.summary);
    for (auto& bullet : entry.bullets) clean(bullet);
    for (auto& tag : entry.tags) clean(tag);
}

void clean(documents::Section& section) {
    clean(section.heading);
    for (auto& paragraph : section.paragraphs) clean(paragraph);
    for (auto& bullet : section.bullets) clean(bullet);
    for (auto& entry : section.entries) clean(entry);
    for (auto& tag : section.tags) clean(tag);
}

}  // namespace

std::string without_pictographs(std::string_view text) {
    constexpr UChar32 joiner = 0x200D;
    std::string out;
    bool after_picture = false;
    auto length = static_cast<std::int32_t>(text.size());
    for (std::int32_t at = 0; at < length;) {
        auto begin = at;
        UChar32 c = 0;
        U8_NEXT(text.data(), at, length, c);
        auto picture = c >= 0 && (is_picture(c) || (c == joiner && after_picture));
        if (picture) {
            after_picture = true;
            continue;
        }
        auto blank = c == ' ' && after_picture && (out.empty() || out.back() == ' ');
        if (!blank)
            out +=
                text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin));
        if (c != ' ') after_picture = false;
    }
    if (after_picture) {
        while (!out.empty() && out.back() == ' ') out.pop_back();
    }
    return out;
}

documents::Document without_pictographs(documents::Document document) {
    for (auto* part : {&document.title, &document.subtitle, &document.author}) clean(*part);
    for (auto& contact : document.contacts) clean(contact.text);
    for (auto& section : document.sections) clean(section);
    for (auto& note : document.notes) clean(note);
    return document;
}

}  // namespace afterresume::reporting
