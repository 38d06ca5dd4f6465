// A copy of what people wrote in a tenant. Values only.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"
#include "core/scope.h"

#include <optional>
#include <string>
#include <vector>

namespace afterresume::exports {

struct Export {
    Id<Export> id;
    UserId user_id;
    // Of the document, JSON in UTF-8.
    std::int64_t bytes = 0;
    Timestamp created_at;
    // From then on it is gone.
    Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(Export, (), (id, user_id, bytes, created_at, expires_at))

struct ExportPage {
    std::vector<Export> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(ExportPage, (), (items, next_cursor))

}  // namespace afterresume::exports
