// A tenant and its members over HTTP.
#pragma once

#include "features/tenants/members.h"
#include "infra/http/route.h"

namespace afterresume::tenants {

class Api : public http::Controller<Api> {
public:
    Api(Service& tenants, Members& members, Quotas& quotas)
        : tenants_(tenants), members_(members), quotas_(quotas) {}
    http::Routes routes();

private:
    Task<OwnTenantPage> list_own(http::Call& call, ListMore query);
    Task<http::Versioned<TenantView>> read(http::Call& call);
    Task<http::Versioned<TenantView>> edit(http::Call& call, EditTenant change);
    Task<Usage> usage(http::Call& call);
    Task<MemberPage> list_members(http::Call& call, ListMembers query);
    Task<http::Versioned<Member>> read_member(http::Call& call, Id<Member> id);
    Task<http::Versioned<Member>> edit_member(http::Call& call, Id<Member> id, EditMember change);
    Task<http::NoContent> remove_member(http::Call& call, Id<Member> id);
    Task<http::NoContent> leave(http::Call& call);
    Task<Member> transfer(http::Call& call, TransferOwnership wanted);

    Service& tenants_;
    Members& members_;
    Quotas& quotas_;
};

}  // namespace afterresume::tenants
