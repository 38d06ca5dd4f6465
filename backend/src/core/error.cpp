#include "core/error.h"

#include <fmt/format.h>

namespace afterresume {

Error Error::invalid_fields(std::vector<FieldError> fields) {
    auto message = fields.size() == 1
                       ? fmt::format(
                             "One field is not as it must be: {} {}.", fields.front().pointer,
                             fields.front().message
                         )
                       : fmt::format("{} fields are not as they must be.", fields.size());
    Error error(ErrorKind::invalid, "request.invalid", message);
    error.with_fields(std::move(fields));
    return error;
}

Error Error::not_found(std::string_view what) {
    return Error(
        ErrorKind::not_found, "request.not_found", fmt::format("There is no such {}.", what)
    );
}

}  // namespace afterresume
