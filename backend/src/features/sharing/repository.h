// The only SQL of share links, but for counting their views (viewing.h).
#pragma once

#include "core/scope.h"
#include "features/sharing/schema.h"
#include "infra/sql/database.h"

namespace afterresume::sharing {

// Where a token leads, before anyone has a scope.
struct Place {
    Id<ShareLink> share_id;
    TenantId tenant;
    UserId user_id;
    Role role = Role::read_only;
    // The version that is shown now.
    Id<reporting::Report> report_id;
};
BOOST_DESCRIBE_STRUCT(Place, (), (share_id, tenant, user_id, role, report_id))

class Repository {
public:
    // Awaits nothing: travels with the commit.
    void insert(
        sql::Tx& tx, const Scope& scope, const ShareLink& link, const std::string& token,
        const std::optional<std::string>& password_hash
    );
    // Newest first, those before an id.
    Task<std::vector<ShareLink>> list(
        sql::Tx& tx, const Scope& scope, std::int64_t before, std::int64_t most
    );
    Task<std::optional<ShareLink>> find(sql::Tx& tx, const Scope& scope, Id<ShareLink> id);
    // Locks the row.
    Task<std::optional<ShareLink>> find_for_change(
        sql::Tx& tx, const Scope& scope, Id<ShareLink> id
    );
    // Awaits nothing: travels with the commit.
    void update(sql::Tx& tx, const Scope& scope, const ShareLink& link);
    // Awaits nothing: travels with the commit.
    void revoke(sql::Tx& tx, const Scope& scope, Id<ShareLink> id, Timestamp now);
    // Newest first, those before an id.
    Task<std::vector<ShareView>> views(
        sql::Tx& tx, const Scope& scope, Id<ShareLink> id, std::int64_t before, std::int64_t most
    );

    // Nothing when the link leads nowhere, whyever: unknown, revoked, expired by the database's
    // time, used up; its report gone; its maker or the tenant not active, or the maker gone since,
    // or with no right to share any more.
    Task<std::optional<Place>> find_place(sql::Tx& anonymous, const std::string& token);
    // Nothing when it has none.
    Task<std::optional<std::string>> find_password_hash(
        sql::Tx& tx, const Scope& scope, Id<ShareLink> id
    );

    // Removes what nobody asks about any more: views and ended links from before `before`; how
    // many.
    Task<std::int64_t> purge_views(
        sql::Tx& tx, const Scope& scope, Timestamp before, std::int64_t most
    );
    Task<std::int64_t> purge(sql::Tx& tx, const Scope& scope, Timestamp before, std::int64_t most);
};

}  // namespace afterresume::sharing
