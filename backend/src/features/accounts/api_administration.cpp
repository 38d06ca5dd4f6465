#include "features/accounts/api_administration.h"

#include "features/auditing/api.h"

#include <algorithm>
#include <iterator>

namespace afterresume::accounts {

using http::Transaction;

namespace {

// With its version, at its place below the folder.
template <class T>
http::Created<T> made(T value, std::string_view folder) {
    auto version = value.version;
    auto location = fmt::format("{}{}/", folder, value.id.value);
    return {std::move(value), std::move(location), version};
}

}  // namespace

http::Routes AdministrationApi::routes() {
    auto all = of_people();
    std::ranges::move(of_tenants(), std::back_inserter(all));
    for (auto& route : all) {
        // What is done is done in transactions of the tenant concerned.
        if (route.method != "GET") route = std::move(route).in(Transaction::none);
        route = std::move(route).for_staff();
    }
    return all;
}

http::Routes AdministrationApi::of_people() {
    return {
        get("/api/admin/users/", "List the people of all tenants", Permission::read,
            &AdministrationApi::list_people),
        post(
            "/api/admin/users/", "Make an account, whose owner sets a password by a mail",
            Permission::write, &AdministrationApi::make_person
        ),
        get("/api/admin/users/{id}/", "Read anybody's account", Permission::read,
            &AdministrationApi::read_person),
        patch(
            "/api/admin/users/{id}/", "Deactivate an account, or make somebody an operator",
            Permission::write, &AdministrationApi::change_person
        ),
        remove(
            "/api/admin/users/{id}/", "Delete an account with all that is its owner's",
            Permission::write, &AdministrationApi::remove_person
        ),
        post(
            "/api/admin/users/{id}/sign-out/", "Sign somebody out of everything", Permission::write,
            &AdministrationApi::sign_out
        ),
        post(
            "/api/admin/users/{id}/remove-second-factor/",
            "Switch the second factor of somebody off who has lost it", Permission::write,
            &AdministrationApi::remove_second_factor
        ),
    };
}

http::Routes AdministrationApi::of_tenants() {
    return {
        get("/api/admin/tenants/", "List all tenants", Permission::read,
            &AdministrationApi::list_tenants),
        post(
            "/api/admin/tenants/", "Make a tenant, whose owner is invited by a mail",
            Permission::write, &AdministrationApi::make_tenant
        ),
        get("/api/admin/tenants/{id}/", "Read what any tenant is", Permission::read,
            &AdministrationApi::read_tenant),
        patch(
            "/api/admin/tenants/{id}/", "Suspend a tenant, let it go on, rename or limit it",
            Permission::write, &AdministrationApi::change_tenant
        ),
        remove(
            "/api/admin/tenants/{id}/",
            "Have a tenant deleted: read-only at once, gone for good after some days",
            Permission::write, &AdministrationApi::close_tenant
        ),
        post(
            "/api/admin/tenants/{id}/owner-invitation/",
            "Invite the owner of a tenant that has none yet by another mail, which alone counts",
            Permission::write, &AdministrationApi::invite_owner
        ),
    };
}

Task<PersonPage> AdministrationApi::list_people(http::Call& call, ListPeople query) {
    co_return co_await administration_.list(call.tx(), std::move(query));
}

Task<http::Versioned<Person>> AdministrationApi::read_person(http::Call& call, UserId id) {
    co_return http::versioned(co_await administration_.get(call.tx(), id));
}

Task<http::Created<Person>> AdministrationApi::make_person(http::Call& call, NewPerson wanted) {
    auto person =
        co_await administration_.make(std::move(wanted), call.scope(), auditing::origin_of(call));
    co_return made(std::move(person), "/api/admin/users/");
}

Task<http::Versioned<Person>> AdministrationApi::change_person(
    http::Call& call, UserId id, ChangePerson wanted
) {
    co_return http::versioned(co_await administration_.change(
        id, call.match(), wanted, call.scope(), auditing::origin_of(call)
    ));
}

Task<http::NoContent> AdministrationApi::remove_person(http::Call& call, UserId id) {
    co_await administration_.remove(id, call.match(), call.scope(), auditing::origin_of(call));
    co_return http::NoContent{};
}

Task<http::NoContent> AdministrationApi::sign_out(http::Call& call, UserId id) {
    co_await administration_.sign_out(id, call.scope(), auditing::origin_of(call));
    co_return http::NoContent{};
}

Task<http::NoContent> AdministrationApi::remove_second_factor(http::Call& call, UserId id) {
    co_await administration_.remove_second_factor(id, call.scope(), auditing::origin_of(call));
    co_return http::NoContent{};
}

Task<tenants::AnyTenantPage> AdministrationApi::list_tenants(
    http::Call& call, tenants::ListTenants query
) {
    co_return co_await tenants_.list(call.tx(), std::move(query));
}

Task<http::Versioned<tenants::AnyTenant>> AdministrationApi::read_tenant(
    http::Call& call, TenantId id
) {
    co_return http::versioned(co_await tenants_.get(call.tx(), id));
}

Task<http::Created<tenants::AnyTenant>> AdministrationApi::make_tenant(
    http::Call& call, tenants::NewTenant wanted
) {
    auto tenant = co_await administration_.make_tenant(
        std::move(wanted), call.scope(), auditing::origin_of(call)
    );
    co_return made(std::move(tenant), "/api/admin/tenants/");
}

Task<http::Versioned<tenants::AnyTenant>> AdministrationApi::change_tenant(
    http::Call& call, TenantId id, tenants::ChangeTenant wanted
) {
    co_return http::versioned(co_await administration_.change_tenant(
        id, call.match(), std::move(wanted), call.scope(), auditing::origin_of(call)
    ));
}

Task<http::Versioned<tenants::AnyTenant>> AdministrationApi::close_tenant(
    http::Call& call, TenantId id
) {
    co_return http::versioned(co_await administration_.close_tenant(
        id, call.match(), call.scope(), auditing::origin_of(call)
    ));
}

Task<invitations::Invitation> AdministrationApi::invite_owner(
    http::Call& call, TenantId id, tenants::InviteOwner wanted
) {
    co_return co_await administration_.invite_owner(
        id, std::move(wanted), call.scope(), auditing::origin_of(call)
    );
}

}  // namespace afterresume::accounts
