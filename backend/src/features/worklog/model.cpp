#include "features/worklog/model.h"

#include "core/error.h"
#include "core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace afterresume::worklog {

namespace {

// A letter or digit, or a byte of one that is not ASCII.
bool in_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c & 0x80) != 0;
}

Error malformed_cursor() {
    return Error(
        ErrorKind::malformed, "request.malformed_cursor",
        "The cursor is none that a list here gave."
    );
}

}  // namespace

std::string owner_word(UserId owner) { return fmt::format("owner{}", owner.value); }

std::vector<std::string> words_of(const Entry& entry, UserId owner) {
    auto text = entry.title.value_or("") + '\n' + entry.content + '\n' +
                entry.outcome.value_or("") + '\n' + entry.project.value_or("");
    for (const auto& tag : entry.tags) text += '\n' + tag;
    auto words = search_words(text);
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    words.push_back(owner_word(owner));
    return words;
}

std::string cursor_of(const Place& last) {
    return fmt::format("{}.{}", last.occurred_on.text(), last.id);
}

Place place_of(const std::optional<std::string>& cursor) {
    Place place;
    if (!cursor) return place;
    auto date = LocalDate::parse(std::string_view(*cursor).substr(0, 10));
    if (!date || cursor->size() < 12 || (*cursor)[10] != '.') throw malformed_cursor();
    place.occurred_on = *date;
    auto [end, failure] =
        std::from_chars(cursor->data() + 11, cursor->data() + cursor->size(), place.id);
    if (failure != std::errc() || end != cursor->data() + cursor->size()) throw malformed_cursor();
    return place;
}

std::vector<Highlight> highlights(const std::string& text, const std::vector<std::string>& words) {
    std::vector<Highlight> out;
    for (std::size_t from = 0; from < text.size();) {
        if (!in_word(text[from])) {
            ++from;
            continue;
        }
        auto to = from;
        while (to < text.size() && in_word(text[to])) ++to;
        auto stems = search_words(std::string_view(text).substr(from, to - from));
        auto hit = std::any_of(stems.begin(), stems.end(), [&](const std::string& stem) {
            return std::find(words.begin(), words.end(), stem) != words.end();
        });
        if (hit) out.push_back({static_cast<std::int64_t>(from), static_cast<std::int64_t>(to)});
        from = to;
    }
    return out;
}

}  // namespace afterresume::worklog
