// The two steps by which everybody signs in: a password, and a second factor where there is one.
// They lead to a session; through which door decides who may have one, for how long, and what it is
// held by. Owned by those who give it to people; opens its own short transactions, because hashing
// a password must not hold one.
#pragma once

#include "core/scope_mint.h"
#include "features/accounts/codes.h"
#include "features/accounts/grants.h"
#include "features/accounts/guesses.h"
#include "features/accounts/hashing.h"
#include "features/accounts/repository.h"
#include "features/accounts/second_factor.h"
#include "features/auditing/service.h"
#include "features/tenants/service.h"

#include <memory>
#include <string>

namespace afterresume::accounts {

// Whose account it is, with no right yet.
Identity identity_of(const Owner& owner, Uuid correlation);
// Who is signed in as the scope says, in another tenant, with no right there yet.
Scope scope_in(TenantId tenant, const Scope& scope);

enum class Door { everybody, staff };
// Of a session that is opened there.
std::chrono::seconds lifetime_of(Door door);

// Who has proven to be somebody, in the transaction that lets them in.
struct Proven {
    std::unique_ptr<sql::Tx> tx;
    Identity identity;
    Account account;
};

// A session for who holds its secret: a refresh token, or the cookie of operators' pages.
struct HeldSession {
    Scope scope;
    std::int64_t version = 0;
    Me user;
    std::string secret;
};

class SignInSteps {
public:
    struct Parts {
        sql::Database& database;
        Repository& accounts;
        tenants::Service& tenants;
        auditing::Service& audit;
        Hashing& hashing;
        Guesses& guesses;
        Codes& codes;
        SecondFactor& second_factor;
        const Clock& clock;
    };
    SignInSteps(Parts parts, Door door, Rules rules) : parts_(parts), door_(door), rules_(rules) {}

    // Throws Error: unauthenticated ("accounts.wrong_credentials"), the same for an unknown address
    // and for whom the door is not; rate_limited ("accounts.locked"); unavailable
    // ("accounts.busy"); forbidden ("accounts.second_factor_needed") for operators where one is and
    // is not there.
    Task<StepTo<HeldSession>> log_in(Login login, auditing::Origin origin, Uuid correlation);
    // The second step. Throws Error: unauthenticated ("accounts.wrong_code"), gone
    // ("accounts.code_not_usable") for a step that took too long or was done, rate_limited.
    Task<HeldSession> log_in(LoginCode login, auditing::Origin origin, Uuid correlation);
    // Commits the transaction of the proof.
    Task<HeldSession> open_session(Proven proven, auditing::Origin origin);
    Scope scope_of(const LiveSession& live, Uuid correlation) const;
    // A tenant of their own, for who belongs to none.
    Task<TenantId> give_home(Identity identity, std::string name);

private:
    using StepToProven = StepTo<Proven>;

    bool may_enter(const Account& account) const;
    JsonObject through() const;
    Task<StepToProven> prove(Login login, auditing::Origin origin, Uuid correlation);
    Task<Proven> prove(LoginCode login, auditing::Origin origin, Uuid correlation);
    Task<StepToProven> next_step(Proven proven, auditing::Origin origin);
    Task<StepToProven> ask_for_code(std::unique_ptr<sql::Tx> tx, Scope scope);
    Task<void> record_failed_login(Scope scope, auditing::Origin origin, JsonObject data = {});
    Task<void> record_locked(std::string email, auditing::Origin origin, Uuid correlation);
    Task<Session> new_session(Proven& proven, const auditing::Origin& origin);

    Parts parts_;
    Door door_;
    Rules rules_;
};

}  // namespace afterresume::accounts
