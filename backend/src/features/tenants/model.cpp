#include "features/tenants/model.h"

#include "core/text.h"

namespace afterresume::tenants {

std::string slug_of(const std::string& name, TenantId id) {
    std::string slug;
    for (char c : fold_for_search(name)) {
        auto plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain) slug += c;
        if (!plain && !slug.empty() && slug.back() != '-') slug += '-';
        if (slug.size() == 40) break;
    }
    if (!slug.empty() && slug.back() != '-') slug += '-';
    return slug + std::to_string(id.value);
}

}  // namespace afterresume::tenants
