// Reports as files to keep and to send. Pure but for reading fonts; PDF takes long enough to run on
// the work pool.
#pragma once

#include "features/reporting/schema.h"

namespace afterresume::reporting {

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

// The same report and options give the same bytes.
ExportedFile export_report(Report report, const ExportOptions& options);

}  // namespace afterresume::reporting
