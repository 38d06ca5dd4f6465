// Sign-in of operators' pages over HTTP: a session by cookie, for routes of operators alone.
#pragma once

#include "features/accounts/sign_in.h"
#include "features/accounts/staff_sign_in.h"
#include "infra/http/route.h"

namespace afterresume::accounts {

class StaffApi : public http::Controller<StaffApi> {
public:
    struct Parts {
        SignIn& sign_in;
        StaffSignIn& staff_sign_in;
        Credentials& credentials;
        Repository& accounts;
        tenants::Service& tenants;
    };
    explicit StaffApi(Parts parts) : parts_(parts) {}
    http::Routes routes();

private:
    Task<http::WithCookie<StaffLoginAnswer>> log_in(http::Call& call, Login login);
    Task<http::WithCookie<StaffLoginAnswer>> log_in_by_code(http::Call& call, LoginCode login);
    Task<StaffSession> me(http::Call& call);
    Task<http::WithCookie<http::NoContent>> log_out(http::Call& call);

    Task<http::NoContent> reset_second_factor(http::Call& call, ResetSecondFactor wanted);

    Task<http::WithCookie<StaffLoginAnswer>> let_in(http::Call& call, StaffGrant grant);
    Task<void> end_former(http::Call& call);

    Parts parts_;
};

}  // namespace afterresume::accounts
