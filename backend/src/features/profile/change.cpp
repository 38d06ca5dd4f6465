#include "features/profile/change.h"

namespace afterresume::profile {

Json changed(Json data, JsonObject change) {
    auto& object = data.as_object();
    for (auto& field : change) object[field.key()] = std::move(field.value());
    return data;
}

}  // namespace afterresume::profile
