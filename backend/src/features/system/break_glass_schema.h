// What operators ask who have to see what is in a tenant's jobs, over the wire.
#pragma once

#include "core/describe/notes.h"
#include "features/system/model.h"

namespace afterresume::system {

struct BreakGlass {
    Id<BreakGlass> id;
    TenantId tenant_id;
    UserId operator_id;
    std::string reason;
    Timestamp opened_at;
    Timestamp expires_at;
    // By whom, where that was not its time.
    std::optional<Timestamp> ended_at;
    std::optional<UserId> ended_by;
    // For If-Match: 1 until it is ended, 2 from then on.
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(
    BreakGlass, (),
    (id, tenant_id, operator_id, reason, opened_at, expires_at, ended_at, ended_by, version)
)

struct OpenBreakGlass {
    TenantId tenant_id;
    std::string reason;
    std::optional<std::int64_t> minutes;
};
BOOST_DESCRIBE_STRUCT(OpenBreakGlass, (), (tenant_id, reason, minutes))

constexpr auto notes(OpenBreakGlass*) {
    using namespace describe;
    return std::tuple{
        note(&OpenBreakGlass::tenant_id, "Whose jobs you have to see into"),
        note(&OpenBreakGlass::reason, "Why, as its owners read it", length{10, 500}),
        note(&OpenBreakGlass::minutes, "How long; 60 when absent", range{5, 240}),
    };
}

struct BreakGlassPage {
    std::vector<BreakGlass> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(BreakGlassPage, (), (items, next_cursor))

// What a job was given and gave.
struct JobContent {
    std::optional<Json> payload;
    std::optional<Json> result;
    std::optional<std::string> error_message;
    // Some of it is not told: it was sealed with a key that is not there any more.
    bool unreadable = false;
};
BOOST_DESCRIBE_STRUCT(JobContent, (), (payload, result, error_message, unreadable))

}  // namespace afterresume::system
