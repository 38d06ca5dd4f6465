#include "features/reporting/export.h"

#include "core/describe/writer.h"
#include "features/reporting/layout.h"
#include "features/reporting/resume_document.h"

#include <fmt/format.h>

namespace afterresume::reporting {

namespace {

std::string_view media_type(Format format) {
    switch (format) {
        case Format::pdf:
            return "application/pdf";
        case Format::html:
            return "text/html; charset=utf-8";
        case Format::md:
            return "text/markdown; charset=utf-8";
        case Format::txt:
            return "text/plain; charset=utf-8";
        case Format::json:
            return "application/json";
    }
    return "application/octet-stream";
}

std::string file_name(const Report& report, Format format) {
    auto day = report.to
                   ? report.to->text()
                   : LocalDate(std::chrono::floor<std::chrono::days>(report.updated_at)).text();
    std::string kind(describe::name_of(report.kind));
    for (auto& c : kind) {
        if (c == '_') c = '-';
    }
    return fmt::format("{}-{}.{}", kind, day, describe::name_of(format));
}

std::string rendered(const Report& report, const ExportOptions& options) {
    if (options.format == Format::json) {
        return report.kind == Kind::resume ? describe::to_json(resume_document(report.content))
                                           : describe::to_json(report);
    }
    auto document = document_of(report);
    if (options.format == Format::md) return documents::to_markdown(document);
    if (options.format == Format::txt) return documents::to_text(document);
    documents::Options look;
    look.theme = options.theme.value_or(report.theme);
    look.paper = options.paper;
    look.created_at = report.updated_at;
    return options.format == Format::html ? documents::to_html(document, look)
                                          : documents::to_pdf(document, look);
}

}  // namespace

std::vector<std::string> export_media_types() {
    std::vector<std::string> out;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Format>>([&](auto format) {
        auto type = media_type(format.value);
        out.emplace_back(type.substr(0, type.find(';')));
    });
    return out;
}

ExportedFile export_report(Report report, const ExportOptions& options) {
    report.content = shown(std::move(report.content), options.unverified);
    return {
        file_name(report, options.format), std::string(media_type(options.format)),
        rendered(report, options)
    };
}

}  // namespace afterresume::reporting
