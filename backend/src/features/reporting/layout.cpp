#include "features/reporting/layout.h"

#include "features/reporting/pictographs.h"
#include "features/reporting/resume_document.h"

namespace afterresume::reporting {

documents::Document document_of(const Report& report) {
    if (report.kind == Kind::resume) {
        auto document = resume_layout(resume_document(report.content));
        if (document.title.empty()) document.title = report.title;
        return without_pictographs(std::move(document));
    }
    documents::Document document;
    document.title = report.title;
    for (const auto& section : report.content.sections) {
        documents::Section shown;
        shown.heading = section.heading;
        // The opening words of a report are prose.
        auto& lines = section.heading.empty() ? shown.paragraphs : shown.bullets;
        for (const auto& line : section.lines) lines.emplace_back(line.text);
        document.sections.push_back(std::move(shown));
    }
    return without_pictographs(std::move(document));
}

}  // namespace afterresume::reporting
