#include "features/profile/change.h"

#include "features/profile/resume_json.h"

namespace afterresume::profile {

Json changed(Json data, JsonObject change) {
    auto& object = data.as_object();
    for (auto& field : change) object[field.key()] = std::move(field.value());
    return data;
}

Json storable(std::string_view json) {
    auto data = describe::parse_json(json);
    describe::Findings findings;
    find_nul(data, "", findings);
    if (!findings.all().empty()) throw Error::invalid_fields(findings.take());
    return data;
}

}  // namespace afterresume::profile
