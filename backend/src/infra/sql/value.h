// Values on their way into a statement, bound by name from described structs, scopes and single
// named values.
#pragma once

#include "core/describe/writer.h"
#include "core/scope.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace afterresume::sql {

struct Blob {
    std::string bytes;
};
// The text of a JSON document: jsonb on PostgreSQL, TEXT on SQLite.
struct JsonText {
    std::string text;
};

// PostgreSQL: null, boolean, bigint, double precision, text, bytea, jsonb, timestamptz, date, uuid.
// SQLite: NULL, 0/1, INTEGER, REAL, TEXT, BLOB, TEXT, INTEGER (Unix milliseconds), TEXT (ISO), TEXT
// (canonical).
using Value = std::variant<
    std::monostate, bool, std::int64_t, double, std::string, Blob, JsonText, Timestamp, LocalDate,
    Uuid>;

template <class T>
Value to_value(const T& value) {
    if constexpr (std::is_same_v<T, Value> || std::is_same_v<T, bool> || std::is_same_v<T, Blob> ||
                  std::is_same_v<T, JsonText>) {
        return value;
    } else if constexpr (std::is_same_v<T, Timestamp> || std::is_same_v<T, LocalDate> ||
                         std::is_same_v<T, Uuid>) {
        return value;
    } else if constexpr (describe::is_a<T, std::optional>) {
        return value ? to_value(*value) : Value{};
    } else if constexpr (describe::is_a<T, Change>) {
        return to_value(value.value);
    } else if constexpr (std::is_integral_v<T>) {
        return static_cast<std::int64_t>(value);
    } else if constexpr (std::is_floating_point_v<T>) {
        return static_cast<double>(value);
    } else if constexpr (describe::id_like<T>) {
        return value.value;
    } else if constexpr (describe::described_enum<T>) {
        return std::string(describe::name_of(value));
    } else if constexpr (std::is_convertible_v<const T&, std::string_view> &&
                         !describe::json_like<T>) {
        return std::string(std::string_view(value));
    } else {
        return JsonText{describe::to_json(value)};
    }
}

// One value under a name: named("limit", 21).
struct Named {
    std::string_view name;
    Value value;
};
template <class T>
Named named(std::string_view name, const T& value) {
    return {name, to_value(value)};
}

// What a statement's :names are looked up in. Later ones win over earlier ones.
class Arguments {
public:
    template <class T>
    void add(const T& source) {
        if constexpr (std::is_same_v<T, Named>) {
            values_.emplace_back(source.name, source.value);
        } else if constexpr (std::is_same_v<T, Arguments>) {
            values_.insert(values_.end(), source.values_.begin(), source.values_.end());
        } else if constexpr (std::is_same_v<T, Scope>) {
            values_.emplace_back("tenant_id", source.tenant().value);
            values_.emplace_back("user_id", source.user().value);
        } else {
            static_assert(
                describe::described_struct<T>,
                "arguments are scopes, described structs, named values and other arguments"
            );
            describe::for_each_member<T>([&](std::string_view name, auto pointer) {
                values_.emplace_back(name, to_value(source.*pointer));
            });
        }
    }
    // Throws std::logic_error for a name that nobody gave: a mistake in the program.
    const Value& get(std::string_view name) const;

private:
    std::vector<std::pair<std::string_view, Value>> values_;
};

template <class... Sources>
Arguments arguments(const Sources&... sources) {
    Arguments all;
    (all.add(sources), ...);
    return all;
}

}  // namespace afterresume::sql
