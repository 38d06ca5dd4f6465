// What was deleted and whose time is over goes for good: tenants, and people in tenants. In small
// bites, each a transaction of its own; whoever is killed in the middle goes on where it was.
#pragma once

#include "workflows/maintenance.h"

namespace afterresume::workflows {

// Of the last time that it went over all; its events tell of those before.
struct TenantPurgeResult {
    std::int64_t tenants = 0;
    std::int64_t people = 0;
    std::int64_t rows = 0;
    // A job of theirs ran, or a record was not sealed.
    std::int64_t waiting = 0;
};
BOOST_DESCRIBE_STRUCT(TenantPurgeResult, (), (tenants, people, rows, waiting))

class TenantPurge : public orchestration::WorkflowOf<NoArgs> {
public:
    // Like Purge, of what belongs to people and not to tenants.
    using EngineBite = std::function<
        Task<std::int64_t>(sql::Tx& engine, const tenants::Erasure& one, std::int64_t most)>;
    struct Parts {
        sql::Database& database;
        tenants::Erasures& erasures;
        // The program itself in that tenant, or with a user that one.
        std::function<Scope(const tenants::Erasure& one)> scope_of;
        // Each until it finds nothing, in this order, before what the erasures list.
        std::vector<Purge> first;
        EngineBite sessions;
        const Clock& clock;
    };
    explicit TenantPurge(Parts parts) : parts_(std::move(parts)) {}

protected:
    Task<void> run(orchestration::Run& run, NoArgs args) override;

private:
    // Once.
    Task<TenantPurgeResult> erase_all(orchestration::Run& run);
    Task<bool> erase(
        orchestration::Run& run, const tenants::Erasure& one, TenantPurgeResult& result
    );
    Task<void> remove_rows(orchestration::Run& run, const Scope& scope, TenantPurgeResult& result);

    Parts parts_;
};

}  // namespace afterresume::workflows
