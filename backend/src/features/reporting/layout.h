// Reports and résumés as documents that a renderer can draw. Pure.
#pragma once

#include "features/reporting/model.h"
#include "infra/documents/document.h"

namespace afterresume::reporting {

// With all of its lines as they are; pass its content through shown() first.
documents::Document document_of(const Report& report);

// Of a JSON Resume document. Sections that say nothing are left out; fields of another type than
// the standard's too.
documents::Document resume_layout(const JsonObject& resume);

// "2020-07" → "Jul 2020"; what is no date stays as it is.
std::string shown_date(std::string_view date);

}  // namespace afterresume::reporting
