#include "infra/sql/value.h"

#include <fmt/format.h>

#include <stdexcept>

namespace afterresume::sql {

const Value& Arguments::get(std::string_view name) const {
    for (auto it = values_.rbegin(); it != values_.rend(); ++it) {
        if (it->first == name) return it->second;
    }
    throw std::logic_error(fmt::format("no argument is called :{}", name));
}

}  // namespace afterresume::sql
