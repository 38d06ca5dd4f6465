// What people prove themselves by, over HTTP: address, password, second factor, tokens.
#pragma once

#include "features/accounts/credentials.h"
#include "features/accounts/personal_tokens.h"
#include "features/accounts/second_factor.h"
#include "infra/http/route.h"

namespace afterresume::accounts {

class CredentialsApi : public http::Controller<CredentialsApi> {
public:
    struct Parts {
        Credentials& credentials;
        SecondFactor& second_factor;
        PersonalTokens& tokens;
    };
    explicit CredentialsApi(Parts parts) : parts_(parts) {}
    http::Routes routes();

private:
    http::Routes address_and_password();
    http::Routes second_factor();
    http::Routes tokens();

    Task<http::NoContent> send_verification(http::Call& call);
    Task<http::NoContent> verify_email(http::Call& call, VerifyEmail body);
    Task<http::NoContent> forgot_password(http::Call& call, ForgotPassword body);
    Task<http::NoContent> reset_password(http::Call& call, ResetPassword body);
    Task<http::NoContent> change_password(http::Call& call, ChangePassword body);
    Task<Enrolment> enrol(http::Call& call);
    Task<RecoveryCodes> confirm(http::Call& call, FactorCode body);
    Task<RecoveryCodes> renew_codes(http::Call& call, FactorCode body);
    Task<http::NoContent> remove_factor(http::Call& call, FactorCode body);
    Task<PersonalTokenPage> list_tokens(http::Call& call, ListMore query);
    Task<http::Versioned<PersonalToken>> read_token(http::Call& call, Id<PersonalToken> id);
    Task<http::Created<MadeToken>> make_token(http::Call& call, CreateToken body);
    Task<http::NoContent> revoke_token(http::Call& call, Id<PersonalToken> id);

    Parts parts_;
};

}  // namespace afterresume::accounts
