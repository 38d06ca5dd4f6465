#include "features/accounts/api_deletion.h"

#include "features/auditing/api.h"

namespace afterresume::accounts {

using http::Transaction;

http::Routes DeletionApi::routes() {
    return {
        post(
            "/api/tenant/delete/",
            "Have the tenant deleted: read-only at once, gone for good after some days",
            Permission::own, &DeletionApi::delete_tenant
        )
            .in(Transaction::none)
            .only_in_person(),
        // Of owners; the role is worth no more than reading there.
        post(
            "/api/tenant/restore/", "Keep a tenant that is to be deleted", Permission::read,
            &DeletionApi::restore_tenant
        )
            .only_in_person(),
        post(
            "/api/auth/delete/", "Delete your account with all that is yours", Permission::read,
            &DeletionApi::delete_account
        )
            .in(Transaction::none)
            .only_in_person(),
    };
}

Task<tenants::TenantView> DeletionApi::delete_tenant(http::Call& call, ConfirmDeletion body) {
    co_return co_await deletion_.delete_tenant(
        call.scope(), std::move(body.password), auditing::origin_of(call)
    );
}

Task<tenants::TenantView> DeletionApi::restore_tenant(http::Call& call) {
    co_return co_await tenants_.restore(call.tx(), call.scope(), auditing::origin_of(call));
}

Task<http::NoContent> DeletionApi::delete_account(http::Call& call, ConfirmDeletion body) {
    co_await deletion_.delete_account(
        call.scope(), std::move(body.password), auditing::origin_of(call)
    );
    co_return http::NoContent{};
}

}  // namespace afterresume::accounts
