// Tenants that are to be deleted: read-only for the days in which an owner may have them back, then
// gone for good (erasure.h). Owned by app/.
#pragma once

#include "core/scope.h"
#include "features/tenants/erasure.h"
#include "features/tenants/model.h"

#include <chrono>
#include <functional>

namespace afterresume::tenants {

class Repository;
class Service;

// How somebody is tied to a tenant that they mean to leave for good.
struct Ties {
    TenantId tenant_id;
    std::string name;
    TenantStatus status = TenantStatus::active;
    // Their role, suspended or not, and who else there is.
    std::optional<Role> role;
    std::int64_t others = 0;
    std::int64_t other_owners = 0;

    // Nobody else is there, so that the tenant goes with them.
    bool is_alone() const { return others == 0; }
    // The others would be left without an owner.
    bool is_needed() const {
        return role == Role::owner && others > 0 && other_owners == 0 &&
               status != TenantStatus::pending_deletion;
    }
};
BOOST_DESCRIBE_STRUCT(Ties, (), (tenant_id, name, status, role, others, other_owners))

class Deletion {
public:
    struct Parts {
        Repository& rows;
        Service& tenants;
        Erasures& erasures;
        auditing::Service& audit;
        const Clock& clock;
    };
    // Ends jobs of the scope's tenant (of one user, unless `of` is 0): at most some at once;
    // whether there may be more. What they would still write is refused from then on.
    using StopJobs = std::function<Task<bool>(sql::Tx& tx, const Scope& scope, UserId of)>;

    Deletion(Parts parts, std::chrono::days grace) : parts_(parts), grace_(grace) {}

    // Throws Error: forbidden ("request.not_permitted") but for owners. Tells the audit.
    Task<TenantView> begin(sql::Tx& tx, const Scope& scope, const auditing::Origin& origin);
    // The same, whoever asks for it.
    Task<void> plan(sql::Tx& tx, const Scope& scope, const auditing::Origin& origin);
    // Throws Error: conflict ("tenants.not_pending_deletion") for a tenant that stays anyway, or is
    // going already; forbidden ("request.not_permitted") but for owners. Jobs that were ended stay
    // so.
    Task<TenantView> restore(sql::Tx& tx, const Scope& scope, const auditing::Origin& origin);

    Task<Ties> find_ties(sql::Tx& tx, const Scope& scope);
    // The scope's user leaves for good, with all that is theirs in the tenant; the tenant goes
    // along at once if nobody else is there. Throws Error(conflict, "accounts.needed_as_owner").
    Task<void> depart(sql::Tx& tx, const Scope& scope, const auditing::Origin& origin);

    // Until there are none: further transactions of the caller's.
    Task<bool> stop_jobs(sql::Tx& tx, const Scope& scope, UserId of) {
        if (!stop_jobs_) co_return false;
        co_return co_await stop_jobs_(tx, scope, of);
    }
    void stop_with(StopJobs stop) { stop_jobs_ = std::move(stop); }

private:
    Task<void> close(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Timestamp purge_at
    );
    Task<void> require_owner(sql::Tx& tx, const Scope& scope);

    Parts parts_;
    std::chrono::days grace_;
    StopJobs stop_jobs_;
};

// Says which tenants need another owner first.
Error needed_as_owner(const std::vector<Ties>& tenants);

}  // namespace afterresume::tenants
