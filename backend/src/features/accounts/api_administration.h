// People and tenants over HTTP, for those who operate the installation.
#pragma once

#include "features/accounts/administration.h"
#include "infra/http/route.h"

namespace afterresume::accounts {

class AdministrationApi : public http::Controller<AdministrationApi> {
public:
    AdministrationApi(Administration& administration, tenants::Administration& tenants)
        : administration_(administration), tenants_(tenants) {}
    http::Routes routes();

private:
    http::Routes of_people();
    http::Routes of_tenants();

    Task<PersonPage> list_people(http::Call& call, ListPeople query);
    Task<http::Versioned<Person>> read_person(http::Call& call, UserId id);
    Task<http::Created<Person>> make_person(http::Call& call, NewPerson wanted);
    Task<http::Versioned<Person>> change_person(http::Call& call, UserId id, ChangePerson wanted);
    Task<http::NoContent> remove_person(http::Call& call, UserId id);
    Task<http::NoContent> sign_out(http::Call& call, UserId id);
    Task<http::NoContent> remove_second_factor(http::Call& call, UserId id);

    Task<tenants::AnyTenantPage> list_tenants(http::Call& call, tenants::ListTenants query);
    Task<http::Versioned<tenants::AnyTenant>> read_tenant(http::Call& call, TenantId id);
    Task<http::Created<tenants::AnyTenant>> make_tenant(
        http::Call& call, tenants::NewTenant wanted
    );
    Task<http::Versioned<tenants::AnyTenant>> change_tenant(
        http::Call& call, TenantId id, tenants::ChangeTenant wanted
    );
    Task<http::Versioned<tenants::AnyTenant>> close_tenant(http::Call& call, TenantId id);
    Task<invitations::Invitation> invite_owner(
        http::Call& call, TenantId id, tenants::InviteOwner wanted
    );

    Administration& administration_;
    tenants::Administration& tenants_;
};

}  // namespace afterresume::accounts
