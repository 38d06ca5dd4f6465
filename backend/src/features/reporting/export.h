// Reports as files to keep and to send. Pure but for reading fonts; PDF takes long enough to run on
// the work pool.
#pragma once

#include "core/describe/notes.h"
#include "features/reporting/model.h"

namespace afterresume::reporting {

enum class Format : std::uint8_t { pdf, html, md, txt, json };
BOOST_DESCRIBE_ENUM(Format, pdf, html, md, txt, json)

struct AskExport {
    std::optional<Format> format;
    std::optional<documents::Theme> theme;
    std::optional<documents::Paper> paper;
    std::optional<bool> include_unverified;
};
BOOST_DESCRIBE_STRUCT(AskExport, (), (format, theme, paper, include_unverified))

constexpr auto notes(AskExport*) {
    using namespace describe;
    return std::tuple{
        note(&AskExport::format, "pdf when absent; json is JSON Resume for a résumé"),
        note(&AskExport::theme, "The report's own when absent"),
        note(&AskExport::paper, "a4 when absent"),
        note(&AskExport::include_unverified, "Also lines that say what no evidence holds"),
    };
}

struct ThemeView {
    documents::Theme name = documents::Theme::classic;
    std::string description;
    std::vector<documents::Paper> papers;
};
BOOST_DESCRIBE_STRUCT(ThemeView, (), (name, description, papers))

struct Themes {
    std::vector<ThemeView> items;
};
BOOST_DESCRIBE_STRUCT(Themes, (), (items))

struct ExportOptions {
    Format format = Format::pdf;
    // The report's own when absent.
    std::optional<documents::Theme> theme;
    documents::Paper paper = documents::Paper::a4;
    Unverified unverified = Unverified::left_out;
};

struct ExportedFile {
    // ASCII, as "resume-2026-03-01.pdf".
    std::string name;
    std::string media_type;
    std::string bytes;
};

// Of every format, without parameters.
std::vector<std::string> export_media_types();

// The same report and options give the same bytes.
ExportedFile export_report(Report report, const ExportOptions& options);

}  // namespace afterresume::reporting
