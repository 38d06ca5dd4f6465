// The JSON Resume document of a résumé: what was declared, with the lines in their places. Pure.
#pragma once

#include "features/reporting/model.h"

namespace afterresume::reporting {

// Lines of `content` as they are; pass it through shown() first. Items that came from the log go when they have no line.
JsonObject resume_document(const Content& content);

}  // namespace afterresume::reporting
