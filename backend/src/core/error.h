// The one error type of the program. Thrown anywhere, caught in two places only: the HTTP adapter
// (which makes a problem+json of it) and the worker (which retries, discards or fails the job).
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace afterresume {

enum class ErrorKind : std::uint8_t {
    malformed,
    invalid,
    unauthenticated,
    forbidden,
    not_found,
    conflict,
    precondition,
    precondition_required,
    gone,
    too_large,
    unsupported,
    rate_limited,
    quota_exceeded,
    insufficient_credit,
    upstream,
    unavailable,
    storage_full,
    internal,
};

// What is wrong with one field of a body: an RFC 6901 pointer into it, and a sentence.
struct FieldError {
    std::string pointer;
    std::string message;

    bool operator==(const FieldError&) const = default;
};

class Error : public std::runtime_error {
public:
    // `code` is stable and of the form `area.reason`; `message` is a sentence for people and holds
    // nothing internal.
    Error(ErrorKind kind, std::string code, const std::string& message)
        : std::runtime_error(message), kind_(kind), code_(std::move(code)) {}

    // A body or query that breaks its description; every problem at once.
    static Error invalid_fields(std::vector<FieldError> fields);
    static Error not_found(std::string_view what);

    Error& with_fields(std::vector<FieldError> fields) & {
        fields_ = std::move(fields);
        return *this;
    }
    Error&& retry_after(std::int64_t seconds) && {
        retry_after_ = seconds;
        return std::move(*this);
    }

    ErrorKind kind() const { return kind_; }
    const std::string& code() const { return code_; }
    const std::vector<FieldError>& fields() const { return fields_; }
    std::optional<std::int64_t> retry_after() const { return retry_after_; }

private:
    ErrorKind kind_;
    std::string code_;
    std::vector<FieldError> fields_;
    std::optional<std::int64_t> retry_after_;
};

}  // namespace afterresume
