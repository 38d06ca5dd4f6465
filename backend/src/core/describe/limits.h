// The limits of notes, held against values; what is wrong is found with its JSON pointer.
#pragma once

#include "core/describe/notes.h"
#include "core/describe/traits.h"
#include "core/error.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace afterresume::describe {

// What is wrong with a value, as far as it has been looked at; the first fifty problems.
class Findings {
public:
    void add(const std::string& pointer, std::string message);
    const std::vector<FieldError>& all() const { return errors_; }
    std::vector<FieldError> take() { return std::move(errors_); }

private:
    std::vector<FieldError> errors_;
};

// RFC 6901: "/tags" and "a/b" make "/tags/a~1b".
std::string child_pointer(const std::string& parent, std::string_view key);

void check(const std::string& value, length limit, const std::string& at, Findings& findings);
void check(const std::string& value, format limit, const std::string& at, Findings& findings);
void check(const std::string& value, one_of limit, const std::string& at, Findings& findings);
void check(std::int64_t value, range limit, const std::string& at, Findings& findings);
void check(double value, range limit, const std::string& at, Findings& findings);
void check_count(std::size_t size, count limit, const std::string& at, Findings& findings);

template <class T, class Limit>
void check_limit(const T& value, Limit limit, const std::string& at, Findings& findings) {
    if constexpr (is_a<T, std::optional>) {
        if (value) check_limit(*value, limit, at, findings);
    } else if constexpr (change_like<T>) {
        check_limit(value.value, limit, at, findings);
    } else if constexpr (is_a<Limit, each>) {
        for (std::size_t i = 0; i < value.size(); ++i)
            check_limit(value[i], limit.limit, fmt::format("{}/{}", at, i), findings);
    } else if constexpr (std::is_same_v<Limit, count>) {
        check_count(value.size(), limit, at, findings);
    } else {
        check(value, limit, at, findings);
    }
}

}  // namespace afterresume::describe
