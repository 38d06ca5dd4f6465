// One tenant on each database, for tests of what its members may do.
#pragma once

#include "core/scope_mint.h"
#include "embedded/migrations.h"
#include "features/tenants/service.h"
#include "infra/sql/testing.h"

#include <chrono>
#include <optional>

namespace afterresume::tenants {

class TenantTest : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (!IsSkipped()) home.emplace(GetParam(), embedded::migrations());
    }
    static Scope scope_of(std::int64_t user) {
        Identity identity;
        identity.tenant = TenantId{1};
        identity.user = UserId{user};
        return ScopeMint::mint(identity);
    }
    // The tenant comes into being, without members.
    Task<void> found() {
        auto scope = scope_of(11);
        auto tx = home->database().begin(scope, sql::Access::write);
        co_await tenants.create(*tx, scope, "Engines");
        co_await tx->commit();
    }

    ManualClock clock{
        Timestamp(std::chrono::sys_days(std::chrono::year{2026} / 3 / 2) + std::chrono::hours(10))
    };
    auditing::Service audit{clock};
    Service tenants{audit, clock};
    std::optional<sql::ScratchDatabase> home;
};

}  // namespace afterresume::tenants
