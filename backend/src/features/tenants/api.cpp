#include "features/tenants/api.h"

#include "features/auditing/api.h"

namespace afterresume::tenants {

http::Routes Api::routes() {
    return {
        get("/api/tenants/", "List the tenants you belong to", Permission::read, &Api::list_own),
        get("/api/tenant/", "Read the tenant you are in", Permission::read, &Api::read),
        patch("/api/tenant/", "Change the tenant's name", Permission::manage, &Api::edit)
            .only_in_person(),
        get("/api/tenant/usage/", "See what the tenant may have and has", Permission::manage,
            &Api::usage),
        get("/api/tenant/members/", "List the tenant's members", Permission::manage,
            &Api::list_members),
        get("/api/tenant/members/{id}/", "Read one member", Permission::manage, &Api::read_member),
        patch(
            "/api/tenant/members/{id}/", "Change a member's role or share, or suspend them",
            Permission::manage, &Api::edit_member
        )
            .only_in_person(),
        remove(
            "/api/tenant/members/{id}/", "Remove a member", Permission::manage, &Api::remove_member
        )
            .only_in_person(),
        post("/api/tenant/leave/", "Belong to the tenant no more", Permission::read, &Api::leave)
            .only_in_person(),
        post(
            "/api/tenant/transfer/", "Make another member the owner in your place", Permission::own,
            &Api::transfer
        )
            .only_in_person(),
    };
}

Task<OwnTenantPage> Api::list_own(http::Call& call, ListMore query) {
    return tenants_.page_own(call.tx(), call.scope(), query);
}

Task<http::Versioned<TenantView>> Api::read(http::Call& call) {
    co_return http::versioned(co_await tenants_.get(call.tx(), call.scope()));
}

Task<http::Versioned<TenantView>> Api::edit(http::Call& call, EditTenant change) {
    co_return http::versioned(co_await tenants_.edit(
        call.tx(), call.scope(), auditing::origin_of(call), call.match(), std::move(change)
    ));
}

Task<Usage> Api::usage(http::Call& call) {
    co_return Usage{co_await quotas_.list(call.tx(), call.scope())};
}

Task<MemberPage> Api::list_members(http::Call& call, ListMembers query) {
    co_return co_await members_.list(call.tx(), call.scope(), query);
}

Task<http::Versioned<Member>> Api::read_member(http::Call& call, Id<Member> id) {
    co_return http::versioned(co_await members_.get(call.tx(), call.scope(), id));
}

Task<http::Versioned<Member>> Api::edit_member(http::Call& call, Id<Member> id, EditMember change) {
    co_return http::versioned(co_await members_.edit(
        call.tx(), call.scope(), auditing::origin_of(call), id, call.match(), change
    ));
}

Task<http::NoContent> Api::remove_member(http::Call& call, Id<Member> id) {
    co_await members_.remove(call.tx(), call.scope(), auditing::origin_of(call), id, call.match());
    co_return http::NoContent{};
}

Task<http::NoContent> Api::leave(http::Call& call) {
    co_await members_.leave(call.tx(), call.scope(), auditing::origin_of(call));
    co_return http::NoContent{};
}

Task<Member> Api::transfer(http::Call& call, TransferOwnership wanted) {
    co_return co_await members_.transfer(
        call.tx(), call.scope(), auditing::origin_of(call), wanted.member_id
    );
}

}  // namespace afterresume::tenants
