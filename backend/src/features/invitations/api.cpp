#include "features/invitations/api.h"

#include "features/auditing/api.h"

namespace afterresume::invitations {

http::Routes Api::routes() {
    return {
        get("/api/invitations/", "List the tenant's invitations, newest first", Permission::manage,
            &Api::list),
        get("/api/invitations/{id}/", "Read one invitation", Permission::manage, &Api::read),
        post("/api/invitations/", "Invite someone to the tenant", Permission::manage, &Api::create),
        remove("/api/invitations/{id}/", "Revoke an invitation", Permission::manage, &Api::revoke),
        get("/api/invitations/check/", "See whether a code can still be used", http::anybody,
            &Api::check)
            .against_guessing(),
    };
}

Task<InvitationPage> Api::list(http::Call& call, ListMore query) {
    return invitations_.list(call.tx(), call.scope(), query);
}

Task<http::Versioned<Invitation>> Api::read(http::Call& call, Id<Invitation> id) {
    co_return http::versioned(co_await invitations_.get(call.tx(), call.scope(), id));
}

Task<http::Created<MadeInvitation>> Api::create(http::Call& call, CreateInvitation wanted) {
    auto made = co_await invitations_.create(
        call.tx(), call.scope(), auditing::origin_of(call), std::move(wanted)
    );
    co_return http::created(made, "/api/invitations/{}/", made.invitation.id.value);
}

Task<http::NoContent> Api::revoke(http::Call& call, Id<Invitation> id) {
    co_await invitations_.revoke(
        call.tx(), call.scope(), auditing::origin_of(call), id, call.match()
    );
    co_return http::NoContent{};
}

// Says nothing about whom a code is for beyond what its holder must type anyway.
Task<InvitationState> Api::check(http::Call& call, CheckInvitation query) {
    auto place = co_await invitations_.find_place(call.tx(), query.code);
    co_return InvitationState{place.has_value()};
}

}  // namespace afterresume::invitations
