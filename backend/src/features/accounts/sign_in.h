// Sign-up, sign-in and what follows: the one place besides the job runner where a Scope comes into
// being. Every call opens its own short transactions, because hashing a password must not hold one.
// Owned by app/.
#pragma once

#include "core/scope_mint.h"
#include "features/accounts/credentials.h"
#include "features/accounts/personal_tokens.h"
#include "features/accounts/repository.h"
#include "features/accounts/schema.h"
#include "features/accounts/second_factor.h"
#include "features/accounts/session_guard.h"
#include "features/auditing/service.h"
#include "features/invitations/service.h"
#include "features/tenants/service.h"

#include <string>

namespace afterresume::accounts {

enum class SignUpMode : std::uint8_t { invite, open };

struct Keys {
    // Signs access tokens.
    std::string access;
    std::string issuer;
};

// What a client gets: the body, and the refresh token for the cookie.
struct Grant {
    SignedIn body;
    std::string refresh_token;
};

// What a password leads to: a grant, or the token of the second step.
struct FirstStep {
    std::optional<Grant> grant;
    std::string mfa_token;
    std::int64_t mfa_seconds = 0;
};

class SignIn {
public:
    struct Parts {
        sql::Database& database;
        Repository& accounts;
        SessionGuard& guard;
        tenants::Service& tenants;
        invitations::Service& invitations;
        auditing::Service& audit;
        Hashing& hashing;
        Guesses& guesses;
        Credentials& credentials;
        Codes& codes;
        SecondFactor& second_factor;
        PersonalTokens& tokens;
        const Clock& clock;
    };
    SignIn(Parts parts, Keys keys, SignUpMode mode)
        : parts_(parts), keys_(std::move(keys)), mode_(mode) {}

    // Throws Error: invalid (weak password), gone (invitation), forbidden (invitation needed),
    // conflict (address taken).
    Task<Grant> sign_up(SignUp wanted, auditing::Origin origin, Uuid correlation);
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
    Task<void> log_out(const Scope& scope, Id<Session> session, const auditing::Origin& origin);

    // Another tenant, owned by the scope's user. Throws Error(conflict, "tenants.too_many").
    Task<tenants::OwnTenant> create_tenant(
        const Scope& scope, std::string name, auditing::Origin origin
    );
    // The scope's user joins the invitation's tenant. Throws Error: gone
    // ("invitations.not_usable"), conflict ("tenants.member_already", "tenants.too_many"), which
    // leave it unused.
    Task<tenants::OwnTenant> accept_invitation(
        const Scope& scope, std::string code, auditing::Origin origin
    );

    // The scope of an access token, or of a personal one. Throws Error(unauthenticated).
    Task<Scope> authenticate(std::string_view access_token, Uuid correlation);
    // The scope of the account with that address, for the commands of the machine's owner; of the
    // only owner when empty.
    Task<Scope> act_as(std::string email, Uuid correlation);
    // Makes the account if there is none, and gives whether it did; staff, owner of a tenant of its
    // own.
    Task<bool> bootstrap(SignUp first, Uuid correlation);
    // The code of an invitation for the first owner; nothing once there is one.
    Task<std::optional<std::string>> first_invitation(std::optional<std::string> known_code);
    // A token as log_in gives it, for a session that exists.
    std::string access_token(const Scope& scope, std::int64_t version) const;

private:
    Task<Account> new_account(SignUp wanted);
    Task<Scope> place_of(
        const SignUp& wanted, UserId user, std::optional<Id<invitations::Invitation>>& invitation,
        Uuid correlation
    );
    Task<TenantId> give_home(Identity identity, std::string name);
    Task<FirstStep> ask_for_code(std::unique_ptr<sql::Tx> tx, Scope scope);
    Task<void> record_failed_login(const Scope& scope, const auditing::Origin& origin);
    Task<Grant> open_session(
        std::unique_ptr<sql::Tx> tx, Identity identity, Account account, auditing::Origin origin
    );
    Task<TenantId> tenant_for(
        Identity identity, const TokenOwner& owner, std::optional<TenantId> wanted
    );
    Task<tenants::OwnTenant> enter(
        std::unique_ptr<sql::Tx> tx, Scope scope, auditing::Origin origin, auditing::Act act,
        Role role
    );
    Task<SignedIn> body(sql::Tx& tx, Scope scope, Account account, std::int64_t version);

    Parts parts_;
    Keys keys_;
    SignUpMode mode_;
};

}  // namespace afterresume::accounts
