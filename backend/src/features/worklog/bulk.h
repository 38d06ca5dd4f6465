// Many entries at once, on the wire.
#pragma once

#include "core/describe/notes.h"
#include "features/worklog/schema.h"

namespace afterresume::worklog {

struct CreateEntries {
    std::vector<Unread<CreateEntry>> items;
};
BOOST_DESCRIBE_STRUCT(CreateEntries, (), (items))

constexpr auto notes(CreateEntries*) {
    using namespace describe;
    return std::tuple{note(
        &CreateEntries::items, "Up to 500 entries, each of which is taken or refused by itself",
        count{1, 500}
    )};
}

struct BulkProblem {
    std::string code;
    std::string message;
    std::vector<std::string> fields;
};
BOOST_DESCRIBE_STRUCT(BulkProblem, (), (code, message, fields))

struct BulkItem {
    std::int64_t index = 0;
    // 201 created, 200 known already, 422 refused.
    std::int64_t status = 201;
    std::optional<Id<Entry>> id;
    std::optional<BulkProblem> error;
};
BOOST_DESCRIBE_STRUCT(BulkItem, (), (index, status, id, error))

struct BulkResult {
    std::vector<BulkItem> items;
    std::int64_t created = 0;
    std::int64_t duplicates = 0;
    std::int64_t failed = 0;
};
BOOST_DESCRIBE_STRUCT(BulkResult, (), (items, created, duplicates, failed))

}  // namespace afterresume::worklog
