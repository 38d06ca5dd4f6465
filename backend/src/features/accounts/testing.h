// Sign-in on a scratch database, for the tests of this slice.
#pragma once

#include "core/testing.h"
#include "features/accounts/sign_in.h"
#include "features/accounts/staff_sign_in.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

#include <optional>
#include <string>

namespace afterresume::accounts {

inline constexpr auto good_password = "plover staple 47 orbit";

SignUp a_sign_up(std::string email, std::string name = "Ada Lovelace");

// In place of what takes tens of milliseconds. No password matches it.
std::string cheap_hash(std::string_view password);

class SignInTest : public sql::OnBothDatabases {
protected:
    void SetUp() override;

    Credentials::Parts parts_of_credentials(Hashing& by);
    SignIn::Parts parts() { return parts_with(hashing); }
    SignIn::Parts parts_with(Hashing& by);

    Grant sign_up(SignUp wanted);
    FirstStep first_step(std::string email, std::string password = good_password);
    Grant log_in(std::string email, std::string password = good_password);
    Grant refresh(const Grant& grant, const auditing::Origin& origin = laptop);
    Grant switch_to(TenantId tenant, const Grant& grant);
    Scope scope_of(const Grant& grant);
    bool is_signed_in(const Grant& grant);
    void log_out(const Grant& grant);

    // One statement on the grant's tenant, whose sessions are then asked about anew.
    void change(const Grant& grant, const sql::Statement& statement);
    Task<void> changed(Scope scope, const sql::Statement& statement);
    void suspend_account(const Grant& grant);
    // Who operates the installation, or looks at it alone.
    void be_operator(const Grant& grant, bool may_operate = true);
    void suspend_membership(const Grant& grant);
    void suspend_tenant(const Grant& grant);

    Task<void> keep(mail::Letter letter);
    // The code of the newest letter's link.
    std::string mailed_code() const;

    // As no mail carries it.
    std::string make_code(const Scope& scope, Purpose purpose);
    Task<std::string> made_code(Scope scope, Purpose purpose);

    // Codes of now; each test uses those of other steps by moving the clock.
    std::string code_of_authenticator(const std::string& secret) const;
    // The secret; the recovery codes are `made_codes`.
    std::string switch_factor_on(const Grant& grant);

    std::string invite(const Grant& owner, invitations::CreateInvitation wanted = {});
    std::string invite_as(const Scope& owner, invitations::CreateInvitation wanted = {});
    Task<std::string> invited(Scope scope, invitations::CreateInvitation wanted);

    // What the audit tells of the grant's tenant, newest first, as "login failure".
    std::vector<std::string> trail(const Grant& grant);
    // Of what concerns no tenant.
    std::vector<std::string> operators_trail();
    std::string hash_of(const Grant& grant);
    Task<std::vector<std::string>> trail_of(Scope scope);

    static inline const auditing::Origin laptop{"192.0.2.7", "Laptop"};
    static inline const auditing::Origin phone{"192.0.2.8", "Phone"};
    static inline const Keys keys{{std::string(32, 'k')}, "http://localhost:8000"};
    const Uuid correlation = Uuid::random();
    ManualClock clock{*parse_timestamp("2026-03-10T12:00:00Z")};
    Hashing hashing{2};
    mail::Postbox postbox;
    std::vector<mail::Letter> letters;
    std::vector<std::string> made_codes;
    auditing::Service audit{clock};
    tenants::Service tenants{audit, clock};
    invitations::Service invitations{{clock, audit, tenants, postbox}, "http://localhost:8000"};
    Repository accounts;
    Codes codes{clock};
    std::optional<sql::ScratchDatabase> scratch;
    std::optional<SessionGuard> guard;
    std::optional<Guesses> guesses;
    std::optional<Credentials> credentials;
    std::optional<SecondFactor> second_factor;
    std::optional<PersonalTokens> tokens;
    std::optional<SignUps> sign_ups;
    std::optional<SignIn> open;
    std::optional<SignIn> by_invitation;
    std::optional<SignIn> by_mail;
};

}  // namespace afterresume::accounts
