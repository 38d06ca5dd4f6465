// JSON Resume 1.0 documents (the schema of jsonresume/resume-schema) to profiles and back, without
// loss: what the typed fields do not say of a document stays in the `extra` of the object that it
// stood in.
#pragma once

#include "features/profile/model.h"

#include <boost/json/value.hpp>

namespace afterresume::profile {

// Items have no ids. Known fields must have the schema's types and may not be null; dates must
// exist. Text leaves in NFC. Throws Error(invalid, "request.invalid") with every problem and its
// pointer into the document.
Profile read_resume_json(const Json& document);

JsonObject write_resume_json(const Profile& profile);

}  // namespace afterresume::profile
