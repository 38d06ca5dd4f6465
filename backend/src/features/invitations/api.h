// Invitations over HTTP.
#pragma once

#include "features/invitations/service.h"
#include "infra/http/route.h"

namespace afterresume::invitations {

struct Invitations {
    std::vector<Invitation> items;
};
BOOST_DESCRIBE_STRUCT(Invitations, (), (items))

class Api : public http::Controller<Api> {
public:
    explicit Api(Service& invitations) : invitations_(invitations) {}
    http::Routes routes();

private:
    Task<Invitations> list(http::Call& call);
    Task<http::Created<MadeInvitation>> create(http::Call& call, CreateInvitation wanted);
    Task<http::NoContent> revoke(http::Call& call, Id<Invitation> id);
    Task<InvitationState> check(http::Call& call, CheckInvitation query);

    Service& invitations_;
};

}  // namespace afterresume::invitations
