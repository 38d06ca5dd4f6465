// Invitations over HTTP.
#pragma once

#include "features/invitations/service.h"
#include "infra/http/route.h"

namespace afterresume::invitations {

class Api : public http::Controller<Api> {
public:
    explicit Api(Service& invitations) : invitations_(invitations) {}
    http::Routes routes();

private:
    Task<InvitationPage> list(http::Call& call, ListMore query);
    Task<http::Versioned<Invitation>> read(http::Call& call, Id<Invitation> id);
    Task<http::Created<MadeInvitation>> create(http::Call& call, CreateInvitation wanted);
    Task<http::NoContent> revoke(http::Call& call, Id<Invitation> id);
    Task<InvitationState> check(http::Call& call, CheckInvitation query);

    Service& invitations_;
};

}  // namespace afterresume::invitations
