#include "features/accounts/api_credentials.h"

#include "features/auditing/api.h"

namespace afterresume::accounts {

using http::Transaction;

http::Routes CredentialsApi::routes() {
    auto all = address_and_password();
    for (auto more : {second_factor(), tokens()}) all.insert(all.end(), more.begin(), more.end());
    return all;
}

http::Routes CredentialsApi::address_and_password() {
    return {
        post(
            "/api/auth/email/send/", "Get another mail that proves your address", Permission::read,
            &CredentialsApi::send_verification
        )
            .in(Transaction::none)
            .only_in_person(),
        post(
            "/api/auth/email/verify/", "Prove your address by the code of a mail", http::anybody,
            &CredentialsApi::verify_email
        )
            .in(Transaction::none)
            .against_guessing(),
        post(
            "/api/auth/password/forgot/", "Get a mail that lets you set a new password",
            http::anybody, &CredentialsApi::forgot_password
        )
            .in(Transaction::none)
            .against_guessing(),
        post(
            "/api/auth/password/reset/", "Set a new password by the code of a mail", http::anybody,
            &CredentialsApi::reset_password
        )
            .in(Transaction::none)
            .against_guessing(),
        post(
            "/api/auth/password/change/", "Change your password; other sessions end",
            Permission::read, &CredentialsApi::change_password
        )
            .in(Transaction::none)
            .only_in_person(),
    };
}

http::Routes CredentialsApi::second_factor() {
    return {
        post(
            "/api/auth/mfa/totp/", "Begin to use an authenticator as a second factor",
            Permission::read, &CredentialsApi::enrol
        )
            .in(Transaction::none)
            .only_in_person(),
        post(
            "/api/auth/mfa/totp/confirm/",
            "Switch the second factor on by a code of it; other sessions end", Permission::read,
            &CredentialsApi::confirm
        )
            .in(Transaction::none)
            .only_in_person(),
        post(
            "/api/auth/mfa/totp/remove/",
            "Switch the second factor off by a code of it; other sessions end", Permission::read,
            &CredentialsApi::remove_factor
        )
            .in(Transaction::none)
            .only_in_person(),
        post(
            "/api/auth/mfa/recovery-codes/", "Get new recovery codes; the former are void",
            Permission::read, &CredentialsApi::renew_codes
        )
            .in(Transaction::none)
            .only_in_person(),
    };
}

http::Routes CredentialsApi::tokens() {
    return {
        get("/api/auth/tokens/", "List your personal access tokens here, newest first",
            Permission::read, &CredentialsApi::list_tokens)
            .only_in_person(),
        get("/api/auth/tokens/{id}/", "Read one of your personal access tokens", Permission::read,
            &CredentialsApi::read_token)
            .only_in_person(),
        post(
            "/api/auth/tokens/", "Make a token with which a program acts for you here",
            Permission::read, &CredentialsApi::make_token
        )
            .only_in_person(),
        remove(
            "/api/auth/tokens/{id}/", "Revoke a personal access token", Permission::read,
            &CredentialsApi::revoke_token
        )
            .only_in_person(),
    };
}

Task<http::NoContent> CredentialsApi::send_verification(http::Call& call) {
    co_await parts_.credentials.ask_again(call.scope());
    co_return http::NoContent{};
}

Task<http::NoContent> CredentialsApi::verify_email(http::Call& call, VerifyEmail body) {
    co_await parts_.credentials.verify(
        std::move(body.code), auditing::origin_of(call), call.correlation()
    );
    co_return http::NoContent{};
}

Task<http::NoContent> CredentialsApi::forgot_password(http::Call& call, ForgotPassword body) {
    co_await parts_.credentials.forgot(
        std::move(body.email), auditing::origin_of(call), call.correlation()
    );
    co_return http::NoContent{};
}

Task<http::NoContent> CredentialsApi::reset_password(http::Call& call, ResetPassword body) {
    co_await parts_.credentials.reset(
        std::move(body), auditing::origin_of(call), call.correlation()
    );
    co_return http::NoContent{};
}

Task<http::NoContent> CredentialsApi::change_password(http::Call& call, ChangePassword body) {
    co_await parts_.credentials.change(call.scope(), std::move(body), auditing::origin_of(call));
    co_return http::NoContent{};
}

Task<Enrolment> CredentialsApi::enrol(http::Call& call) {
    return parts_.second_factor.enrol(call.scope());
}

Task<RecoveryCodes> CredentialsApi::confirm(http::Call& call, FactorCode body) {
    return parts_.second_factor.confirm(
        call.scope(), std::move(body.code), auditing::origin_of(call)
    );
}

Task<RecoveryCodes> CredentialsApi::renew_codes(http::Call& call, FactorCode body) {
    return parts_.second_factor.renew_codes(
        call.scope(), std::move(body.code), auditing::origin_of(call)
    );
}

Task<http::NoContent> CredentialsApi::remove_factor(http::Call& call, FactorCode body) {
    co_await parts_.second_factor.remove(
        call.scope(), std::move(body.code), auditing::origin_of(call)
    );
    co_return http::NoContent{};
}

Task<PersonalTokenPage> CredentialsApi::list_tokens(http::Call& call, ListMore query) {
    return parts_.tokens.list(call.tx(), call.scope(), query);
}

Task<http::Versioned<PersonalToken>> CredentialsApi::read_token(
    http::Call& call, Id<PersonalToken> id
) {
    co_return http::versioned(co_await parts_.tokens.get(call.tx(), call.scope(), id));
}

Task<http::Created<MadeToken>> CredentialsApi::make_token(http::Call& call, CreateToken body) {
    auto made = co_await parts_.tokens.make(
        call.tx(), call.scope(), auditing::origin_of(call), std::move(body)
    );
    co_return http::created(made, "/api/auth/tokens/{}/", made.about.id.value);
}

Task<http::NoContent> CredentialsApi::revoke_token(http::Call& call, Id<PersonalToken> id) {
    co_await parts_.tokens.revoke(
        call.tx(), call.scope(), auditing::origin_of(call), id, call.match()
    );
    co_return http::NoContent{};
}

}  // namespace afterresume::accounts
