// What the columns of exported rows are. Rows have what people wrote and what that belongs to: no
// secret, and no hash of one.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"

#include <optional>
#include <string>

namespace afterresume::exports {

using Number = std::int64_t;
using Text = std::string;
template <class T>
using Maybe = std::optional<T>;

}  // namespace afterresume::exports
