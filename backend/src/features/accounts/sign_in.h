// Sign-up, sign-in and what follows: the one place besides the job runner where a Scope comes into
// being. Every call opens its own short transactions, because hashing a password must not hold one.
// Owned by app/.
#pragma once

#include "features/accounts/credentials.h"
#include "features/accounts/personal_tokens.h"
#include "features/accounts/session_guard.h"
#include "features/accounts/sign_in_steps.h"
#include "features/accounts/sign_ups.h"
#include "features/invitations/service.h"

#include <string>

namespace afterresume::accounts {

class SignIn {
public:
    struct Parts : SignInSteps::Parts {
        SessionGuard& guard;
        invitations::Service& invitations;
        Credentials& credentials;
        PersonalTokens& tokens;
        SignUps& sign_ups;
    };
    SignIn(Parts parts, Keys keys, Rules rules)
        : parts_(parts),
          steps_(parts, Door::everybody, rules),
          keys_(std::move(keys)),
          rules_(rules) {}

    // Nothing where a mail comes first. Throws Error: invalid (weak password), gone (invitation),
    // forbidden (invitation needed), conflict (address taken), rate_limited.
    Task<std::optional<Grant>> sign_up(SignUp wanted, auditing::Origin origin, Uuid correlation);
    // By the code of that mail and the password of the sign-up. Throws Error: gone, unauthenticated
    // ("accounts.wrong_credentials"), conflict (address taken meanwhile).
    Task<Grant> confirm(ConfirmSignUp wanted, auditing::Origin origin, Uuid correlation);
    // Throws Error: unauthenticated ("accounts.wrong_credentials"), the same for an unknown
    // address; rate_limited ("accounts.locked"); unavailable ("accounts.busy").
    Task<FirstStep> log_in(Login login, auditing::Origin origin, Uuid correlation);
    // The second step. Throws Error: unauthenticated ("accounts.wrong_code"), gone
    // ("accounts.code_not_usable") for a step that took too long or was done, rate_limited.
    Task<Grant> log_in(LoginCode login, auditing::Origin origin, Uuid correlation);
    // Rotates. The direct parent of the newest token gets the same successor again within ten
    // seconds, from the same client; any other reuse ends the family. The grant is for `wanted`;
    // for the tenant that the family was used in last, or another of the user's, without. Throws
    // Error: unauthenticated ("accounts.not_signed_in"), not_found for a tenant that is none of
    // theirs.
    Task<Grant> refresh(
        std::string token, std::optional<TenantId> wanted, auditing::Origin origin, Uuid correlation
    );
    // Throws Error: not_found for a session that has ended, precondition.
    Task<void> log_out(
        const Scope& scope, Id<Session> session, const auditing::Origin& origin, Match match = {}
    );

    // The scope's user in a tenant that is not there yet.
    Task<Scope> in_new_tenant(Scope scope);
    // It comes into being, owned by them; in its own transaction. Throws Error(conflict,
    // "tenants.too_many").
    Task<tenants::OwnTenant> create_tenant(
        sql::Tx& tx, const Scope& inside, std::string name, auditing::Origin origin
    );
    // Where a code leads the scope's user. Throws Error(gone, "invitations.not_usable").
    struct Invited {
        Scope inside;
        invitations::Place place;
    };
    Task<Invited> find_invited(Scope scope, std::string code);
    // They join; in a transaction of that tenant. Throws Error: gone ("invitations.not_usable"),
    // conflict ("tenants.member_already", "tenants.too_many"), which leave it unused.
    Task<tenants::OwnTenant> accept_invitation(
        sql::Tx& tx, const Invited& invited, auditing::Origin origin
    );

    // The scope of an access token, or of a personal one. Throws Error(unauthenticated).
    Task<Scope> authenticate(std::string_view access_token, Uuid correlation);
    // The scope of the account with that address, for the commands of the machine's owner; of the
    // only owner when empty.
    Task<Scope> act_as(std::string email, Uuid correlation);
    // An account that operates the installation: a new one, owner of a tenant of its own, or the
    // one with that address, which keeps its password. Throws Error: invalid (weak password),
    // forbidden ("accounts.suspended"), conflict ("accounts.unproven_address").
    Task<Operator> make_operator(SignUp wanted, Uuid correlation);
    // The code of an invitation for the first owner; nothing once there is one.
    Task<std::optional<std::string>> first_invitation(std::optional<std::string> known_code);

private:
    Task<Account> new_account(SignUp wanted);
    Task<Grant> settle(Proven newcomer, auditing::Origin origin);
    Task<Operator> raise(Owner owner, SignUp wanted, Uuid correlation);
    Task<Scope> place_of(
        const SignUp& wanted, UserId user, std::optional<invitations::Place>& invited,
        Uuid correlation
    );
    Task<Grant> open_session(Proven proven, auditing::Origin origin);
    Grant grant_of(HeldSession held) const;
    std::string access_token(const Scope& scope, std::int64_t version) const;
    Task<TenantId> tenant_for(
        Identity identity, const TokenOwner& owner, std::optional<TenantId> wanted
    );
    Task<tenants::OwnTenant> enter(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, auditing::Act act,
        Role role
    );

    Parts parts_;
    SignInSteps steps_;
    Keys keys_;
    Rules rules_;
};

}  // namespace afterresume::accounts
