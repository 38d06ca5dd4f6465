// What somebody lets others read by a link. Values only.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"
#include "features/reporting/model.h"

#include <optional>
#include <string>

namespace afterresume::sharing {

// Whether those who follow the link see how to reach the person: address, phone, street, profiles.
enum class Contacts : std::uint8_t { hidden, shown };
BOOST_DESCRIBE_ENUM(Contacts, hidden, shown)

struct ShareLink {
    Id<ShareLink> id;
    // For its maker alone.
    std::optional<std::string> name;
    // The version it was made of.
    Id<reporting::Report> report_id;
    // Whether it stays with that version; else it leads to the latest.
    bool pinned = false;
    Contacts contacts = Contacts::hidden;
    bool has_password = false;
    std::optional<std::int64_t> most_views;
    std::int64_t views = 0;
    Timestamp created_at;
    Timestamp expires_at;
    std::optional<Timestamp> revoked_at;
    // Counts its maker's changes; for If-Match.
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(
    ShareLink, (),
    (id, name, report_id, pinned, contacts, has_password, most_views, views, created_at, expires_at,
     revoked_at, version)
)

}  // namespace afterresume::sharing
