// Sign-up and sign-in over HTTP.
#pragma once

#include "features/accounts/api_signed_up.h"
#include "features/accounts/joining_schema.h"
#include "features/accounts/sign_in.h"
#include "infra/http/route.h"

namespace afterresume::accounts {

class Api : public http::Controller<Api> {
public:
    struct Parts {
        SignIn& sign_in;
        Repository& accounts;
        tenants::Service& tenants;
        const Clock& clock;
    };
    // `secure_cookies` when the program is reached by https.
    Api(Parts parts, bool secure_cookies) : parts_(parts), secure_(secure_cookies) {}
    http::Routes routes();

private:
    Task<SignedUp> sign_up(http::Call& call, SignUp wanted);
    Task<http::WithCookie<http::Created<SignedIn>>> confirm(http::Call& call, ConfirmSignUp wanted);
    Task<http::WithCookie<LoginAnswer>> log_in(http::Call& call, Login login);
    Task<http::WithCookie<SignedIn>> log_in_by_code(http::Call& call, LoginCode login);
    Task<http::WithCookie<SignedIn>> refresh(http::Call& call, Refresh wanted);
    Task<http::WithCookie<SignedIn>> switch_tenant(http::Call& call, SwitchTenant wanted);
    Task<http::WithCookie<http::NoContent>> log_out(http::Call& call);
    Task<http::Versioned<Me>> me(http::Call& call);
    Task<http::Versioned<Me>> change_me(http::Call& call, ChangeMe change);
    Task<SessionPage> sessions(http::Call& call, ListMore query);
    Task<http::NoContent> end_session(http::Call& call, Id<Session> id);
    Task<http::Created<tenants::OwnTenant>> create_tenant(http::Call& call, CreateTenant wanted);
    Task<tenants::OwnTenant> accept_invitation(http::Call& call, AcceptInvitation wanted);

    http::Routes signing_up();
    http::Routes signing_in();
    http::Routes belonging();
    Task<http::WithCookie<SignedIn>> grant_for(http::Call& call, std::optional<TenantId> tenant);
    Task<http::Versioned<Me>> present(sql::Tx& tx, Scope scope);
    std::string cookie_name() const { return secure_ ? "__Host-refresh" : "refresh"; }
    std::string cookie(const std::string& value, std::int64_t seconds) const;
    std::string cookie(const Grant& grant) const;
    http::WithCookie<http::Created<SignedIn>> settled(Grant grant) const;

    Parts parts_;
    bool secure_;
};

}  // namespace afterresume::accounts
