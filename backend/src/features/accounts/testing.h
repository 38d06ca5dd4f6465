// Sign-in on a scratch database, for the tests of this slice.
#pragma once

#include "embedded/migrations.h"
#include "features/accounts/sign_in.h"
#include "infra/crypto/totp.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

#include <optional>
#include <string>

namespace afterresume::accounts {

inline constexpr auto good_password = "plover staple 47 orbit";

inline SignUp a_sign_up(std::string email, std::string name = "Ada Lovelace") {
    SignUp wanted;
    wanted.email = std::move(email);
    wanted.password = good_password;
    wanted.display_name = std::move(name);
    return wanted;
}

// What an authenticator does with the secret that it was given.
inline std::string from_base32(const std::string& text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    unsigned bits = 0;
    int count = 0;
    for (char c : text) {
        bits = (bits << 5U) | static_cast<unsigned>(alphabet.find(c));
        count += 5;
        if (count < 8) continue;
        count -= 8;
        out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xffU);
    }
    return out;
}

class SignInTest : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (IsSkipped()) return;
        scratch.emplace(GetParam(), embedded::migrations());
        guard.emplace(scratch->database(), accounts);
        guesses.emplace(scratch->database(), clock);
        credentials.emplace(
            Credentials::Parts{
                scratch->database(), accounts, codes, *guesses, hashing, audit, postbox, clock
            },
            "http://localhost:8000"
        );
        second_factor.emplace(
            SecondFactor::Parts{scratch->database(), accounts, *guesses, audit, clock},
            std::vector{std::string(32, 's')}
        );
        tokens.emplace(PersonalTokens::Parts{scratch->database(), audit, clock});
        postbox.carry_with([this](sql::Tx&, const Scope&, mail::Letter letter) {
            return keep(std::move(letter));
        });
        open.emplace(parts(), keys, Rules{SignUpMode::open});
        by_invitation.emplace(parts(), keys, Rules{SignUpMode::invite});
    }

    SignIn::Parts parts() {
        return {scratch->database(),
                accounts,
                *guard,
                tenants,
                invitations,
                audit,
                hashing,
                *guesses,
                *credentials,
                codes,
                *second_factor,
                *tokens,
                clock};
    }

    Grant sign_up(SignUp wanted) {
        return scratch->run(open->sign_up(std::move(wanted), laptop, correlation));
    }
    FirstStep first_step(std::string email, std::string password = good_password) {
        Login login{std::move(email), std::move(password)};
        return scratch->run(open->log_in(std::move(login), laptop, correlation));
    }
    Grant log_in(std::string email, std::string password = good_password) {
        return first_step(std::move(email), std::move(password)).grant.value();
    }
    Grant refresh(const Grant& grant, const auditing::Origin& origin = laptop) {
        return scratch->run(open->refresh(grant.refresh_token, std::nullopt, origin, correlation));
    }
    Grant switch_to(TenantId tenant, const Grant& grant) {
        return scratch->run(open->refresh(grant.refresh_token, tenant, laptop, correlation));
    }
    Scope scope_of(const Grant& grant) {
        return scratch->run(open->authenticate(grant.body.access_token, correlation));
    }
    bool is_signed_in(const Grant& grant) {
        return code_of([&] { scope_of(grant); }) == "none";
    }
    void log_out(const Grant& grant) {
        auto scope = scope_of(grant);
        scratch->run(open->log_out(scope, Id<Session>{scope.session()}, laptop));
    }

    // One statement on the grant's tenant, whose sessions are then asked about anew.
    void change(const Grant& grant, const sql::Statement& statement) {
        auto scope = scope_of(grant);
        scratch->run(changed(scope, statement));
        guard->forget(Id<Session>{scope.session()});
    }
    Task<void> changed(Scope scope, const sql::Statement& statement) {
        auto tx = scratch->database().begin(scope, sql::Access::write);
        co_await tx->execute(statement, scope);
        co_await tx->commit();
    }
    void suspend_account(const Grant& grant) {
        static constexpr sql::Statement statement{
            "test.suspend_account", "UPDATE app_user SET is_active = FALSE WHERE id = :user_id"
        };
        change(grant, statement);
    }
    void suspend_membership(const Grant& grant) {
        static constexpr sql::Statement statement{
            "test.suspend_membership",
            "UPDATE membership SET status = 'suspended' WHERE user_id = :user_id"
        };
        change(grant, statement);
    }
    void suspend_tenant(const Grant& grant) {
        static constexpr sql::Statement statement{
            "test.suspend_tenant", "UPDATE tenant SET status = 'suspended' WHERE id = :tenant_id"
        };
        change(grant, statement);
    }

    Task<void> keep(mail::Letter letter) {
        letters.push_back(std::move(letter));
        co_return;
    }
    // The code of the newest letter's link.
    std::string mailed_code() const {
        const auto& link = letters.at(letters.size() - 1).link;
        return link.substr(link.find('=') + 1);
    }

    // Codes of now; each test uses those of other steps by moving the clock.
    std::string code_of_authenticator(const std::string& secret) const {
        auto seconds = std::chrono::floor<std::chrono::seconds>(clock.now());
        return crypto::totp_code(
            from_base32(secret), seconds.time_since_epoch().count() / crypto::totp_seconds
        );
    }
    // The secret; the recovery codes are `made_codes`.
    std::string switch_factor_on(const Grant& grant) {
        auto scope = scope_of(grant);
        auto secret = scratch->run(second_factor->enrol(scope)).secret;
        auto confirmed = second_factor->confirm(scope, code_of_authenticator(secret), laptop);
        made_codes = scratch->run(std::move(confirmed)).recovery_codes;
        clock.advance(std::chrono::seconds(crypto::totp_seconds));
        return secret;
    }

    std::string invite(const Grant& owner, invitations::CreateInvitation wanted = {}) {
        return scratch->run(invited(scope_of(owner), wanted));
    }
    Task<std::string> invited(Scope scope, invitations::CreateInvitation wanted) {
        auto tx = scratch->database().begin(scope, sql::Access::write);
        auto made = co_await invitations.create(*tx, scope, laptop, wanted);
        co_await tx->commit();
        co_return made.code;
    }

    // What the audit tells of the grant's tenant, newest first, as "login failure".
    std::vector<std::string> trail(const Grant& grant) {
        return scratch->run(trail_of(scope_of(grant)));
    }
    // Of what concerns no tenant.
    std::vector<std::string> operators_trail() {
        return scratch->run(trail_of(ScopeMint::mint(Identity{})));
    }
    std::string hash_of(const Grant& grant) {
        auto scope = scope_of(grant);
        auto tx = scratch->database().begin(scope, sql::Access::read);
        return scratch->run(accounts.find(*tx, scope.user()))->password_hash;
    }
    Task<std::vector<std::string>> trail_of(Scope scope) {
        auto tx = scratch->database().begin(scope, sql::Access::read);
        std::vector<std::string> out;
        for (auto& event : (co_await audit.list(*tx, scope, 100, std::nullopt)).items) {
            out.push_back(fmt::format(
                "{} {}", describe::name_of(event.name), describe::name_of(event.outcome)
            ));
        }
        co_return out;
    }

    template <class Act>
    static std::string code_of(Act act) {
        try {
            act();
        } catch (const Error& error) {
            return error.code();
        }
        return "none";
    }

    static inline const auditing::Origin laptop{"192.0.2.7", "Laptop"};
    static inline const auditing::Origin phone{"192.0.2.8", "Phone"};
    static inline const Keys keys{
        std::string(32, 'k'), "http://localhost:8000", std::string(32, 'c')
    };
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
    std::optional<SignIn> open;
    std::optional<SignIn> by_invitation;
};

}  // namespace afterresume::accounts
