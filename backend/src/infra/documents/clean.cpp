#include "infra/documents/clean.h"

#include "core/error.h"
#include "core/text.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

namespace afterresume::documents {

namespace {

enum class Breaks : std::uint8_t { kept, spaced };

// Joins texts while folding every stretch of white space into the one character it stands for.
class Folder {
public:
    explicit Folder(Breaks breaks) : breaks_(breaks) {}

    void add(std::string_view text) {
        if (!is_utf8(text)) {
            throw Error(ErrorKind::invalid, "documents.invalid_text", "The text is not UTF-8.");
        }
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
        auto size = static_cast<std::int32_t>(text.size());
        for (std::int32_t at = 0; at < size;) {
            auto from = static_cast<std::size_t>(at);
            UChar32 c = 0;
            U8_NEXT(bytes, at, size, c);
            take(c, text.substr(from, static_cast<std::size_t>(at) - from));
        }
    }

    std::size_t size() const { return folded_.size(); }

    std::string finish() {
        if (ends_blank_) folded_.pop_back();
        return std::move(folded_);
    }

private:
    void take(UChar32 c, std::string_view bytes) {
        bool breaks =
            c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029 || c == '\f' || c == '\v';
        if (breaks || c == '\r' || c == '\t' || c == ' ') {
            if (folded_.empty()) return;
            if (!ends_blank_) folded_ += ' ';
            if (breaks && breaks_ == Breaks::kept) folded_.back() = '\n';
            ends_blank_ = true;
        } else if (u_charType(c) != U_CONTROL_CHAR) {
            folded_ += bytes;
            ends_blank_ = false;
        }
    }

    Breaks breaks_;
    std::string folded_;
    bool ends_blank_ = false;
};

std::string one_line(std::string_view text) {
    Folder folder(Breaks::spaced);
    folder.add(text);
    return folder.finish();
}

std::vector<std::string> cleaned(const std::vector<std::string>& lines) {
    std::vector<std::string> out;
    for (const auto& line : lines) {
        if (auto text = one_line(line); !text.empty()) out.push_back(std::move(text));
    }
    return out;
}

std::vector<Text> cleaned(const std::vector<Text>& texts) {
    std::vector<Text> out;
    for (const auto& text : texts) {
        if (auto kept = documents::cleaned(text); !kept.empty()) out.push_back(std::move(kept));
    }
    return out;
}

Entry cleaned(const Entry& entry) {
    Entry out{one_line(entry.title),    one_line(entry.organisation),
              one_line(entry.location), one_line(entry.dates),
              safe_url(entry.url),      documents::cleaned(entry.summary),
              cleaned(entry.bullets),   cleaned(entry.tags)};
    if (out.title.empty()) std::swap(out.title, out.organisation);
    return out;
}

bool has_something(const Entry& entry) {
    return !entry.title.empty() || !entry.location.empty() || !entry.dates.empty() ||
           !entry.url.empty() || !entry.summary.empty() || !entry.bullets.empty() ||
           !entry.tags.empty();
}

Section cleaned(const Section& section) {
    Section out{
        one_line(section.heading),
        cleaned(section.paragraphs),
        cleaned(section.bullets),
        {},
        cleaned(section.tags)
    };
    for (const auto& entry : section.entries) {
        if (auto kept = cleaned(entry); has_something(kept)) out.entries.push_back(std::move(kept));
    }
    return out;
}

bool has_something(const Section& section) {
    return !section.heading.empty() || !section.paragraphs.empty() || !section.bullets.empty() ||
           !section.entries.empty() || !section.tags.empty();
}

bool is_language_tag(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    });
}

bool starts_with_scheme(std::string_view url) {
    constexpr std::array<std::string_view, 4> followed{"http://", "https://", "mailto:", "tel:"};
    return std::any_of(followed.begin(), followed.end(), [&](std::string_view scheme) {
        return url.size() > scheme.size() &&
               std::equal(scheme.begin(), scheme.end(), url.begin(), [](char expected, char c) {
                   return expected == (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
               });
    });
}

bool is_bare_host(std::string_view url) {
    auto host = url.substr(0, url.find_first_of("/?#"));
    auto dot = host.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || host.size() - dot < 3) return false;
    return std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
    });
}

}  // namespace

Text cleaned(const Text& text) {
    Folder folder(Breaks::kept);
    std::vector<std::size_t> ends;
    for (const auto& span : text.spans) {
        folder.add(span.text);
        ends.push_back(folder.size());
    }
    auto folded = folder.finish();
    Text out;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
        auto end = std::min(ends[i], folded.size());
        const auto& span = text.spans[i];
        if (begin < end)
            out.spans.push_back(
                Span{folded.substr(begin, end - begin), span.emphasis, safe_url(span.url)}
            );
        begin = std::max(begin, end);
    }
    return out;
}

Document cleaned(const Document& document) {
    Document out;
    out.title = one_line(document.title);
    out.subtitle = one_line(document.subtitle);
    out.author = one_line(document.author);
    out.language = one_line(document.language);
    if (!is_language_tag(out.language)) out.language.clear();
    for (const auto& contact : document.contacts) {
        auto text = one_line(contact.text);
        auto url = safe_url(contact.url);
        if (text.empty()) text = display_url(url);
        if (!text.empty()) out.contacts.push_back(Contact{std::move(text), std::move(url)});
    }
    for (const auto& section : document.sections) {
        if (auto kept = cleaned(section); has_something(kept))
            out.sections.push_back(std::move(kept));
    }
    out.notes = cleaned(document.notes);
    return out;
}

std::string safe_url(std::string_view url) {
    auto address = one_line(url);
    if (!starts_with_scheme(address)) {
        if (!is_bare_host(address)) return {};
        address.insert(0, "https://");
    }
    constexpr std::string_view coded = " \"'()<>[]\\^`{|}";
    std::string out;
    for (char c : address) {
        if (coded.find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80) {
            fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    return out;
}

std::string display_url(std::string_view url) {
    if (auto mark = url.find("://"); mark != std::string_view::npos) {
        url.remove_prefix(mark + 3);
    } else if (mark = url.find(':'); mark != std::string_view::npos) {
        url.remove_prefix(mark + 1);
    }
    if (!url.empty() && url.back() == '/') url.remove_suffix(1);
    return std::string(url);
}

bool is_one_line(const Entry& entry) {
    return !entry.title.empty() && !entry.tags.empty() && entry.organisation.empty() &&
           entry.location.empty() && entry.dates.empty() && entry.url.empty() &&
           entry.summary.empty() && entry.bullets.empty();
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    return fmt::format("{}", fmt::join(parts, separator));
}

}  // namespace afterresume::documents
