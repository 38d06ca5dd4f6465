#include "core/html_text.h"
#include "infra/crypto/crypto.h"
#include "infra/documents/clean.h"
#include "infra/documents/render.h"
#include "infra/documents/style.h"

#include <fmt/format.h>
#include <boost/algorithm/string/replace.hpp>

#include <algorithm>
#include <iterator>

namespace afterresume::documents {

namespace {

std::string escaped(std::string_view text) {
    auto out = escape_html(text);
    boost::replace_all(out, "\n", "<br>");
    return out;
}

std::string hex(Colour colour) {
    return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

std::string css(const Face& face) {
    return fmt::format(
        "font:{}{} {}pt/{} {};color:{}{}{}", face.slant == Slant::italic ? "italic " : "",
        face.weight, face.size, face.leading, face.families, hex(face.colour),
        face.caps == Caps::small ? ";font-variant-caps:small-caps" : "",
        face.tracking == 0 ? "" : fmt::format(";letter-spacing:{}pt", face.tracking)
    );
}

std::string rule(std::string_view selector, std::string_view declarations) {
    return fmt::format("{}{{{}}}\n", selector, declarations);
}

std::string style_of_head(const Style& style) {
    std::string out;
    auto centred = style.header == HeaderAlignment::centre;
    out += rule("*", "margin:0;padding:0;box-sizing:border-box");
    out += rule("html", "background:#fff;-webkit-text-size-adjust:100%");
    out += rule(
        "body",
        css(style.body) + ";max-width:46em;margin:0 auto;padding:3em 1.5em;overflow-wrap:anywhere"
    );
    if (centred) out += rule("header", "text-align:center");
    out += rule("h1", css(style.title));
    out += rule(".subtitle", css(style.subtitle));
    out += rule(".contacts", css(style.contact) + ";list-style:none;margin-top:4pt");
    out += rule(".contacts li", "display:inline");
    out += rule(".contacts li+li::before", "content:'\\00a0 · '");
    out += rule(
        "h2",
        css(style.heading) + fmt::format(
                                 ";margin-top:{}pt;border-bottom:.6pt solid {};padding-bottom:2pt;"
                                 "margin-bottom:{}pt;break-after:avoid",
                                 style.heading_space, hex(style.rule), style.paragraph_space + 2
                             )
    );
    return out;
}

std::string style_of_content(const Style& style) {
    std::string out;
    out += rule("article", fmt::format("margin-top:{}pt", style.entry_space));
    out += rule("h2+article", fmt::format("margin-top:{}pt", style.paragraph_space));
    out += rule(
        ".row",
        "display:flex;flex-wrap:wrap;justify-content:space-between;column-gap:14pt;break-after:"
        "avoid"
    );
    out += rule("h3", css(style.entry_title));
    out += rule(".dates", css(style.dates) + ";margin-inline-start:auto");
    out += rule(".organisation", css(style.organisation));
    out += rule(".location", css(style.detail) + ";margin-inline-start:auto");
    out += rule("p+p", fmt::format("margin-top:{}pt", style.paragraph_space));
    out += rule("p,li", "orphans:2;widows:2");
    out += rule(
        ".bullets",
        fmt::format(
            "padding-inline-start:{}pt;margin-top:{}pt", style.bullet_indent, style.bullet_space
        )
    );
    out += rule(".bullets li+li", fmt::format("margin-top:{}pt", style.bullet_space));
    out += rule(".line,.all", fmt::format("margin-top:{}pt", style.paragraph_space));
    out += rule(".tags", css(style.tags) + fmt::format(";margin-top:{}pt", style.bullet_space));
    out += rule("b,strong", fmt::format("font-weight:{}", style.strong_weight));
    out += rule("code", fmt::format("font-family:{};font-size:.9em", style.code_families));
    out += rule("a", fmt::format("color:{};text-decoration:none", hex(style.link)));
    out += rule("a:hover,a:focus", "text-decoration:underline");
    out += rule("footer", css(style.note) + fmt::format(";margin-top:{}pt", style.heading_space));
    return out;
}

std::string style_of_page(const Style& style, Paper paper) {
    std::string out;
    out += rule(
        "@page", fmt::format(
                     "size:{};margin:{}pt {}pt", paper == Paper::letter ? "letter" : "A4",
                     style.top_margin, style.side_margin
                 )
    );
    out += rule("@media print", "body{max-width:none;padding:0}");
    return out;
}

std::string link(std::string_view url, std::string_view content) {
    if (url.empty()) return std::string(content);
    return fmt::format(
        "<a href=\"{}\" rel=\"noopener noreferrer nofollow\">{}</a>", escaped(url), content
    );
}

std::string html(const Text& text) {
    std::string out;
    for (const auto& span : text.spans) {
        auto content = escaped(span.text);
        if (span.emphasis == Emphasis::emphasised) content = "<em>" + content + "</em>";
        if (span.emphasis == Emphasis::strong) content = "<strong>" + content + "</strong>";
        if (span.emphasis == Emphasis::code) content = "<code>" + content + "</code>";
        out += link(span.url, content);
    }
    return out;
}

class HtmlPage {
public:
    std::string write(const Document& document, const Options& options) {
        head(document, options);
        header(document);
        for (const auto& section : document.sections) add(section);
        if (!document.notes.empty()) {
            out_ += "<footer>\n";
            for (const auto& note : document.notes) element("p", "", html(note));
            out_ += "</footer>\n";
        }
        out_ += "</main>\n</body>\n</html>\n";
        return std::move(out_);
    }

private:
    void element(std::string_view name, std::string_view kind, std::string_view content) {
        auto attribute = kind.empty() ? std::string() : fmt::format(" class=\"{}\"", kind);
        fmt::format_to(
            std::back_inserter(out_), "<{0}{1} dir=\"auto\">{2}</{0}>\n", name, attribute, content
        );
    }

    void head(const Document& document, const Options& options) {
        auto style = page_style(options);
        out_ += fmt::format(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
            "{}\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"referrer\" content=\"no-referrer\">\n",
            escaped(document.language), crypto::csp_hash(style)
        );
        if (!document.author.empty()) {
            out_ +=
                fmt::format("<meta name=\"author\" content=\"{}\">\n", escaped(document.author));
        }
        out_ += fmt::format(
            "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n",
            escaped(document.title), style
        );
    }

    void header(const Document& document) {
        out_ += "<header>\n";
        if (!document.title.empty()) element("h1", "", escaped(document.title));
        if (!document.subtitle.empty()) element("p", "subtitle", escaped(document.subtitle));
        if (!document.contacts.empty()) {
            out_ += "<ul class=\"contacts\">\n";
            for (const auto& each : document.contacts)
                element("li", "", link(each.url, escaped(each.text)));
            out_ += "</ul>\n";
        }
        out_ += "</header>\n";
    }

    void add(const Section& section) {
        out_ += "<section>\n";
        if (!section.heading.empty()) element("h2", "", escaped(section.heading));
        for (const auto& text : section.paragraphs) element("p", "", html(text));
        bullets(section.bullets);
        for (const auto& entry : section.entries) add(entry);
        if (!section.tags.empty()) element("p", "all", escaped(joined(section.tags, ", ")));
        out_ += "</section>\n";
    }

    void add(const Entry& entry) {
        if (is_one_line(entry)) {
            auto colon = entry.title.back() == ':' ? " " : ": ";
            auto title = "<b>" + escaped(entry.title + colon) + "</b>";
            return element("p", "line", title + escaped(joined(entry.tags, ", ")));
        }
        out_ += "<article>\n";
        row("h3", "", escaped(entry.title), "dates", escaped(entry.dates));
        auto url = link(entry.url, escaped(display_url(entry.url)));
        auto organisation = escaped(entry.organisation);
        if (!organisation.empty() && !url.empty()) organisation += " · ";
        row("p", "organisation", organisation + url, "location", escaped(entry.location));
        if (!entry.summary.empty()) element("p", "", html(entry.summary));
        bullets(entry.bullets);
        if (!entry.tags.empty()) element("p", "tags", escaped(joined(entry.tags, " · ")));
        out_ += "</article>\n";
    }

    void row(
        std::string_view name, std::string_view kind, const std::string& near,
        std::string_view far_kind, const std::string& far
    ) {
        if (near.empty() && far.empty()) return;
        out_ += "<div class=\"row\">\n";
        if (!near.empty()) element(name, kind, near);
        if (!far.empty()) element("span", far_kind, far);
        out_ += "</div>\n";
    }

    void bullets(const std::vector<Text>& texts) {
        if (texts.empty()) return;
        out_ += "<ul class=\"bullets\">\n";
        for (const auto& text : texts) element("li", "", html(text));
        out_ += "</ul>\n";
    }

    std::string out_;
};

}  // namespace

std::string page_style(const Options& options) {
    auto style = style_of(options);
    return style_of_head(style) + style_of_content(style) + style_of_page(style, options.paper);
}

std::string to_html(const Document& document, const Options& options) {
    return HtmlPage().write(cleaned(document), options);
}

}  // namespace afterresume::documents
