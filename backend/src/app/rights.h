// What the requester of a job may do when it runs: the role of that moment, read from the database.
#pragma once

#include "engine/orchestration/rights.h"
#include "features/accounts/repository.h"
#include "features/tenants/service.h"

namespace afterresume::app {

class Rights : public orchestration::Rights {
public:
    Rights(sql::Database& database, tenants::Service& tenants, accounts::Repository& accounts)
        : database_(database), tenants_(tenants), accounts_(accounts) {}

    Task<std::optional<Identity>> find(TenantId tenant, UserId user) override;

private:
    sql::Database& database_;
    tenants::Service& tenants_;
    accounts::Repository& accounts_;
};

}  // namespace afterresume::app
