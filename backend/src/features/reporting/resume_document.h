// The JSON Resume document of a résumé: what was declared, with the lines in their places. Pure.
#pragma once

#include "features/reporting/model.h"

namespace afterresume::reporting {

// Lines of `content` as they are; pass it through shown() first. Items that came from the log go
// when they have no line.
JsonObject resume_document(const Content& content);

// Where the lines of each section stand in the document that exports hold: the sections' own
// pointers, but for items that have moved up because one before them went.
std::vector<std::optional<std::string>> exported_pointers(const Content& content);

}  // namespace afterresume::reporting
