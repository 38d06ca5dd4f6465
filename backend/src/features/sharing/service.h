// Makes, lists and ends share links, in the caller's transaction. Owned by app/.
#pragma once

#include "core/version.h"
#include "features/accounts/hashing.h"
#include "features/auditing/service.h"
#include "features/reporting/service.h"
#include "features/sharing/repository.h"
#include "features/tenants/service.h"

#include <functional>

namespace afterresume::sharing {

// Whether sharing is switched off in the tenant. Throws Error(unavailable).
using IsOff = std::function<Task<bool>(TenantId tenant)>;

// A link that is about to be made.
struct Prepared {
    ShareLink link;
    std::optional<std::string> password_hash;
};

class Service {
public:
    struct Parts {
        Repository& links;
        reporting::Service& reports;
        tenants::Service& tenants;
        tenants::Quotas& quotas;
        accounts::Hashing& hashing;
        auditing::Service& audit;
        const Clock& clock;
    };
    Service(Parts parts, std::string public_url)
        : parts_(parts), public_url_(std::move(public_url)) {}

    // What there is to be done before a transaction begins, as a password is hashed. Throws Error:
    // invalid (expiry), forbidden ("sharing.off"), unavailable ("accounts.busy").
    Task<Prepared> prepare(Scope scope, CreateShare wanted);
    // Throws Error: not_found (report), forbidden (the role does not permit it any more),
    // quota_exceeded.
    Task<MadeShare> make(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Prepared prepared
    );
    // Newest first, also those that have ended, for a while.
    Task<SharePage> list(sql::Tx& tx, const Scope& scope, ListMore query);
    Task<ShareLink> get(sql::Tx& tx, const Scope& scope, Id<ShareLink> id);
    // One that was revoked stays as it is. Throws Error: not_found, precondition, conflict
    // ("sharing.revoked"), invalid (expiry), quota_exceeded, forbidden.
    Task<ShareLink> edit(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<ShareLink> id,
        Match match, EditShare change
    );
    // It leads nowhere from the commit on. Throws Error: not_found for one that was revoked,
    // precondition.
    Task<void> revoke(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<ShareLink> id,
        Match match
    );
    // Newest first.
    Task<ViewPage> views(sql::Tx& tx, const Scope& scope, Id<ShareLink> id, ListMore query);

    // Asked before a link is made or followed.
    void ask_whether_off(IsOff is_off) { is_off_ = std::move(is_off); }
    Task<bool> is_off(TenantId tenant);
    // Where links lead from now on.
    void reached_at(std::string public_url) { public_url_ = std::move(public_url); }

private:
    Task<void> record(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, auditing::Act act,
        Id<ShareLink> id
    );

    Parts parts_;
    std::string public_url_;
    IsOff is_off_;
};

}  // namespace afterresume::sharing
