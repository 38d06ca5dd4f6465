// What a measurement is called with.
#pragma once

#include "infra/sql/statement.h"

#include <cstdlib>
#include <span>
#include <string_view>

namespace afterresume::bench {

using Words = std::span<char*>;

inline std::size_t number(const char* word) { return static_cast<std::size_t>(std::atoll(word)); }

inline sql::Dialect dialect_of(std::string_view word) {
    return word == "sqlite" ? sql::Dialect::sqlite : sql::Dialect::postgres;
}

}  // namespace afterresume::bench
