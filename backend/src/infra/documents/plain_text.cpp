#include "infra/documents/clean.h"
#include "infra/documents/render.h"
#include "infra/documents/wrap.h"

#include <algorithm>
#include <utility>

namespace afterresume::documents {

namespace {

constexpr std::size_t page_width = 80;

std::string plain(const Text& text) {
    std::string out;
    for (const auto& span : text.spans) {
        out += span.text;
        bool is_shown = display_url(span.url) == span.text || span.url == span.text;
        if (span.url.starts_with("http") && !is_shown) out += " (" + span.url + ")";
    }
    return out;
}

class PlainPage {
public:
    explicit PlainPage(const std::string& language) : wrapper_(language) {}

    std::string write(const Document& document) {
        heading(document.title, '=');
        paragraph(document.subtitle);
        contacts(document.contacts);
        for (const auto& section : document.sections) add(section);
        for (const auto& note : document.notes) {
            gap();
            paragraph(plain(note));
        }
        return std::move(out_);
    }

private:
    void gap() {
        if (!out_.empty()) out_ += '\n';
    }

    void line(const std::string& text) { out_ += text + '\n'; }

    void paragraph(const std::string& text) {
        if (text.empty()) return;
        for (const auto& each : wrapper_.wrap(text, page_width)) line(each);
    }

    void heading(const std::string& text, char underline) {
        if (text.empty()) return;
        std::size_t width = 0;
        for (const auto& each : wrapper_.wrap(text, page_width)) {
            line(each);
            width = std::max(width, columns(each));
        }
        line(std::string(std::min(width, page_width), underline));
    }

    // As many to a line as it holds, none broken while it fits by itself.
    void contacts(const std::vector<Contact>& all) {
        std::string row;
        for (const auto& each : all) {
            auto shown = plain(std::vector{Span{each.text, Emphasis::none, each.url}});
            if (!row.empty() && columns(row) + 3 + columns(shown) > page_width)
                paragraph(std::exchange(row, {}));
            row += (row.empty() ? "" : " | ") + shown;
        }
        paragraph(row);
    }

    void add(const Section& section) {
        gap();
        heading(section.heading, '-');
        bool first = true;
        for (const auto& text : section.paragraphs) {
            if (!std::exchange(first, false)) gap();
            paragraph(plain(text));
        }
        bullets(section.bullets);
        first = first && section.bullets.empty();
        bool after_line = false;
        for (const auto& entry : section.entries) {
            bool is_line = is_one_line(entry);
            if (!std::exchange(first, false) && !(is_line && after_line)) gap();
            add(entry);
            after_line = is_line;
        }
        if (!section.tags.empty() && !first) gap();
        paragraph(joined(section.tags, ", "));
    }

    void add(const Entry& entry) {
        if (is_one_line(entry)) {
            auto colon = entry.title.back() == ':' ? " " : ": ";
            return paragraph(entry.title + colon + joined(entry.tags, ", "));
        }
        pair(entry.title, entry.dates);
        pair(entry.organisation, entry.location);
        paragraph(entry.url);
        paragraph(plain(entry.summary));
        bullets(entry.bullets);
        paragraph(joined(entry.tags, ", "));
    }

    void pair(const std::string& near, const std::string& far) {
        auto used = columns(near) + columns(far);
        if (near.empty() || far.empty() || used + 2 > page_width) {
            paragraph(near);
            return paragraph(far);
        }
        line(near + std::string(page_width - used, ' ') + far);
    }

    void bullets(const std::vector<Text>& texts) {
        for (const auto& text : texts) {
            auto lead = "- ";
            for (const auto& each : wrapper_.wrap(plain(text), page_width - 2)) {
                line(each.empty() ? each : std::exchange(lead, "  ") + each);
            }
        }
    }

    Wrapper wrapper_;
    std::string out_;
};

}  // namespace

std::string to_text(const Document& document) {
    auto kept = cleaned(document);
    return PlainPage(kept.language).write(kept);
}

}  // namespace afterresume::documents
