// What of a report strangers are shown: what is named here, and nothing else, whatever reports and
// résumés come to hold. Pure.
#pragma once

#include "features/sharing/model.h"

#include <boost/json/object.hpp>

#include <vector>

namespace afterresume::sharing {

// A line with what it rests on, but not where that is.
struct SharedLine {
    std::string text;
    reporting::Verdict verdict = reporting::Verdict::verified;
    std::vector<reporting::EvidenceKind> evidence;
};
BOOST_DESCRIBE_STRUCT(SharedLine, (), (text, verdict, evidence))

struct SharedSection {
    std::string heading;
    std::vector<SharedLine> lines;
};
BOOST_DESCRIBE_STRUCT(SharedSection, (), (heading, lines))

struct SharedReport {
    reporting::Kind kind = reporting::Kind::status;
    // Of a résumé, the person's name.
    std::string title;
    std::optional<LocalDate> from;
    std::optional<LocalDate> to;
    documents::Theme theme = documents::Theme::classic;
    Timestamp updated_at;
    std::vector<SharedSection> sections;
    // Of a résumé: a JSON Resume document with the same lines in their places. Empty for other
    // kinds.
    JsonObject resume;
};
BOOST_DESCRIBE_STRUCT(
    SharedReport, (), (kind, title, from, to, theme, updated_at, sections, resume)
)

// Lines that say what no evidence holds are left out.
SharedReport disclosed(const reporting::Report& report, Contacts contacts);

// The fields of JSON Resume 1.0 (jsonresume.org/schema) that hold texts or lists of texts. Of
// basics no picture; with contacts hidden no address, phone, street, postal code, site and
// profiles.
JsonObject disclosed_resume(const JsonObject& resume, Contacts contacts);

}  // namespace afterresume::sharing
