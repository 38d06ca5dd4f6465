// The end of tenants and accounts over HTTP.
#pragma once

#include "features/accounts/deletion.h"
#include "features/accounts/deletion_schema.h"
#include "infra/http/route.h"

namespace afterresume::accounts {

class DeletionApi : public http::Controller<DeletionApi> {
public:
    DeletionApi(Deletion& deletion, tenants::Deletion& tenants)
        : deletion_(deletion), tenants_(tenants) {}
    http::Routes routes();

private:
    Task<tenants::TenantView> delete_tenant(http::Call& call, ConfirmDeletion body);
    Task<tenants::TenantView> restore_tenant(http::Call& call);
    Task<http::NoContent> delete_account(http::Call& call, ConfirmDeletion body);

    Deletion& deletion_;
    tenants::Deletion& tenants_;
};

}  // namespace afterresume::accounts
