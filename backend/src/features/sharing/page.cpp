#include "features/sharing/page.h"

#include "features/reporting/layout.h"
#include "infra/crypto/crypto.h"

#include <fmt/format.h>

namespace afterresume::sharing {

namespace {

std::string policy_with(std::string_view style) {
    return fmt::format(
        "default-src 'none'; style-src {}; form-action 'self'; base-uri 'none'; frame-ancestors "
        "'none'",
        crypto::csp_hash(style)
    );
}

// How many lines rest on what.
documents::Text note_of(const SharedReport& report) {
    std::size_t verified = 0;
    std::size_t all = 0;
    for (const auto& section : report.sections) {
        for (const auto& line : section.lines) {
            ++all;
            if (line.verdict == reporting::Verdict::verified) ++verified;
        }
    }
    if (all == 0) return {};
    auto note = fmt::format(
        "Lines that agree with the records that their author kept: {} of {}.", verified, all
    );
    return verified == all ? note : note + " The others are in the author's own words.";
}

documents::Document document_of(const SharedReport& report) {
    documents::Document document;
    if (report.kind == reporting::Kind::resume) {
        document = reporting::resume_layout(report.resume);
    } else {
        for (const auto& section : report.sections) {
            documents::Section shown{.heading = section.heading};
            // The opening words of a report are prose.
            auto& lines = section.heading.empty() ? shown.paragraphs : shown.bullets;
            for (const auto& line : section.lines) lines.emplace_back(line.text);
            document.sections.push_back(std::move(shown));
        }
    }
    if (document.title.empty()) document.title = report.title;
    if (auto note = note_of(report); !note.empty()) document.notes.push_back(std::move(note));
    return document;
}

constexpr std::string_view plain_style =
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:30em;margin:0 auto;padding:4em 1.5em;"
    "color:#222;background:#fff}h1{font-size:1.4rem}input,button{font:inherit;padding:.4em .7em}";

HtmlPage plain_page(std::string_view title, std::string_view body) {
    auto html = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n{2}"
        "</main>\n</body>\n</html>\n",
        title, plain_style, body
    );
    return {std::move(html), policy_with(plain_style)};
}

}  // namespace

HtmlPage page_of(const SharedReport& report) {
    documents::Options look;
    look.theme = report.theme;
    return {
        documents::to_html(document_of(report), look), policy_with(documents::page_style(look))
    };
}

HtmlPage password_page() {
    return plain_page(
        "This page asks for a password",
        "<form method=\"post\">\n<p><label for=\"password\">Whoever sent you the link knows it."
        "</label></p>\n<p><input id=\"password\" name=\"password\" type=\"password\" required "
        "maxlength=\"200\" autocomplete=\"off\" autofocus> <button>Open</button></p>\n</form>\n"
    );
}

HtmlPage door_page() {
    return plain_page(
        "This page can be seen a limited number of times",
        "<form method=\"post\">\n<p>It counts when you open it.</p>\n<p><button autofocus>Open"
        "</button></p>\n</form>\n"
    );
}

HtmlPage nothing_page() {
    return plain_page(
        "There is nothing here",
        "<p>The link may have ended. Ask whoever sent it to you for another.</p>\n"
    );
}

}  // namespace afterresume::sharing
