// Rows of the tables of tenants, invitations and profile.
#pragma once

#include "features/exports/columns.h"

namespace afterresume::exports {

struct TenantRow {
    Number id;
    Text name, slug, status;
    Timestamp created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(TenantRow, (), (id, name, slug, status, created_at, updated_at))

struct MemberRow {
    Number id, user_id;
    Text display_name, email, role, status;
    Number share_percent;
    Timestamp created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(
    MemberRow, (),
    (id, user_id, display_name, email, role, status, share_percent, created_at, updated_at)
)

struct InvitationRow {
    Number id;
    Maybe<Text> email_folded;
    Text role;
    Maybe<Number> maker_id;
    Timestamp created_at, expires_at;
    Maybe<Timestamp> redeemed_at;
    Maybe<Number> redeemer_id;
};
BOOST_DESCRIBE_STRUCT(
    InvitationRow, (),
    (id, email_folded, role, maker_id, created_at, expires_at, redeemed_at, redeemer_id)
)

struct BasicsRow {
    Number user_id;
    Json data, extra;
    Number version;
    Timestamp created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(BasicsRow, (), (user_id, data, extra, version, created_at, updated_at))

struct ItemRow {
    Number id, user_id;
    Text section;
    Number position;
    Json data;
    Number version;
    Timestamp created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(
    ItemRow, (), (id, user_id, section, position, data, version, created_at, updated_at)
)

}  // namespace afterresume::exports
