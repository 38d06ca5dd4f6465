#include "features/accounts/testing.h"

#include "core/scope_mint.h"
#include "embedded/migrations.h"
#include "infra/crypto/totp.h"

namespace afterresume::accounts {

namespace {

// What an authenticator does with the secret that it was given.
std::string from_base32(const std::string& text) {
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

}  // namespace

SignUp a_sign_up(std::string email, std::string name) {
    SignUp wanted;
    wanted.email = std::move(email);
    wanted.password = good_password;
    wanted.display_name = std::move(name);
    return wanted;
}

std::string cheap_hash(std::string_view) { return "no hash"; }

void SignInTest::SetUp() {
    OnBothDatabases::SetUp();
    if (IsSkipped()) return;
    scratch.emplace(GetParam(), embedded::migrations());
    guard.emplace(scratch->database(), accounts);
    guesses.emplace(scratch->database(), clock);
    credentials.emplace(parts_of_credentials(hashing), "http://localhost:8000");
    second_factor.emplace(
        SecondFactor::Parts{scratch->database(), accounts, *guesses, audit, clock},
        std::vector{std::string(32, 's')}
    );
    tokens.emplace(PersonalTokens::Parts{scratch->database(), audit, clock});
    sign_ups.emplace(
        SignUps::Parts{scratch->database(), *credentials, *guesses, postbox, clock},
        "http://localhost:8000"
    );
    postbox.carry_with([this](sql::Tx&, const Scope&, mail::Letter letter) {
        return keep(std::move(letter));
    });
    open.emplace(parts(), keys, Rules{SignUpMode::open});
    by_invitation.emplace(parts(), keys, Rules{SignUpMode::invite});
    by_mail.emplace(parts(), keys, Rules{SignUpMode::by_mail});
}

Credentials::Parts SignInTest::parts_of_credentials(Hashing& by) {
    return {scratch->database(), accounts, codes, *guesses, by, audit, postbox, clock};
}

SignIn::Parts SignInTest::parts_with(Hashing& by) {
    return {
        {scratch->database(), accounts, tenants, audit, by, *guesses, codes, *second_factor, clock},
        *guard,
        invitations,
        *credentials,
        *tokens,
        *sign_ups
    };
}

Grant SignInTest::sign_up(SignUp wanted) {
    return scratch->run(open->sign_up(std::move(wanted), laptop, correlation)).value();
}

FirstStep SignInTest::first_step(std::string email, std::string password) {
    Login login{std::move(email), std::move(password)};
    return scratch->run(open->log_in(std::move(login), laptop, correlation));
}

Grant SignInTest::log_in(std::string email, std::string password) {
    return first_step(std::move(email), std::move(password)).grant.value();
}

Grant SignInTest::refresh(const Grant& grant, const auditing::Origin& origin) {
    return scratch->run(open->refresh(grant.refresh_token, std::nullopt, origin, correlation));
}

Grant SignInTest::switch_to(TenantId tenant, const Grant& grant) {
    return scratch->run(open->refresh(grant.refresh_token, tenant, laptop, correlation));
}

Scope SignInTest::scope_of(const Grant& grant) {
    return scratch->run(open->authenticate(grant.body.access_token, correlation));
}

bool SignInTest::is_signed_in(const Grant& grant) {
    return code_of([&] { scope_of(grant); }) == "none";
}

void SignInTest::log_out(const Grant& grant) {
    auto scope = scope_of(grant);
    scratch->run(open->log_out(scope, Id<Session>{scope.session()}, laptop));
}

void SignInTest::change(const Grant& grant, const sql::Statement& statement) {
    auto scope = scope_of(grant);
    scratch->run(changed(scope, statement));
    guard->forget(Id<Session>{scope.session()});
}

Task<void> SignInTest::changed(Scope scope, const sql::Statement& statement) {
    auto tx = scratch->database().begin(scope, sql::Access::write);
    co_await tx->execute(statement, scope);
    co_await tx->commit();
}

void SignInTest::suspend_account(const Grant& grant) {
    static constexpr sql::Statement statement{
        "test.suspend_account", "UPDATE app_user SET is_active = FALSE WHERE id = :user_id"
    };
    change(grant, statement);
}

void SignInTest::be_operator(const Grant& grant, bool may_operate) {
    static constexpr sql::Statement acting{
        "test.operator",
        "UPDATE app_user SET is_staff = TRUE, may_operate = TRUE WHERE id = :user_id"
    };
    static constexpr sql::Statement looking{
        "test.looking",
        "UPDATE app_user SET is_staff = TRUE, may_operate = FALSE WHERE id = :user_id"
    };
    change(grant, may_operate ? acting : looking);
}

void SignInTest::suspend_membership(const Grant& grant) {
    static constexpr sql::Statement statement{
        "test.suspend_membership",
        "UPDATE membership SET status = 'suspended' WHERE user_id = :user_id"
    };
    change(grant, statement);
}

void SignInTest::suspend_tenant(const Grant& grant) {
    static constexpr sql::Statement statement{
        "test.suspend_tenant", "UPDATE tenant SET status = 'suspended' WHERE id = :tenant_id"
    };
    change(grant, statement);
}

Task<void> SignInTest::keep(mail::Letter letter) {
    letters.push_back(std::move(letter));
    co_return;
}

std::string SignInTest::mailed_code() const {
    const auto& link = letters.at(letters.size() - 1).link;
    return link.substr(link.find('=') + 1);
}

std::string SignInTest::make_code(const Scope& scope, Purpose purpose) {
    return scratch->run(made_code(scope, purpose));
}

Task<std::string> SignInTest::made_code(Scope scope, Purpose purpose) {
    auto tx = scratch->database().begin(scope, sql::Access::write);
    auto code = co_await codes.make(*tx, scope, purpose, std::chrono::minutes(5));
    co_await tx->commit();
    co_return code;
}

std::string SignInTest::code_of_authenticator(const std::string& secret) const {
    auto seconds = std::chrono::floor<std::chrono::seconds>(clock.now());
    return crypto::totp_code(
        from_base32(secret), seconds.time_since_epoch().count() / crypto::totp_seconds
    );
}

std::string SignInTest::switch_factor_on(const Grant& grant) {
    auto scope = scope_of(grant);
    auto secret = scratch->run(second_factor->enrol(scope)).secret;
    auto confirmed = second_factor->confirm(scope, code_of_authenticator(secret), laptop);
    made_codes = scratch->run(std::move(confirmed)).recovery_codes;
    clock.advance(std::chrono::seconds(crypto::totp_seconds));
    return secret;
}

std::string SignInTest::invite(const Grant& owner, invitations::CreateInvitation wanted) {
    return invite_as(scope_of(owner), std::move(wanted));
}

std::string SignInTest::invite_as(const Scope& owner, invitations::CreateInvitation wanted) {
    return scratch->run(invited(owner, std::move(wanted)));
}

Task<std::string> SignInTest::invited(Scope scope, invitations::CreateInvitation wanted) {
    auto tx = scratch->database().begin(scope, sql::Access::write);
    auto made = co_await invitations.create(*tx, scope, laptop, wanted);
    co_await tx->commit();
    co_return made.code;
}

std::vector<std::string> SignInTest::trail(const Grant& grant) {
    return scratch->run(trail_of(scope_of(grant)));
}

std::vector<std::string> SignInTest::operators_trail() {
    return scratch->run(trail_of(ScopeMint::mint(Identity{})));
}

std::string SignInTest::hash_of(const Grant& grant) {
    auto scope = scope_of(grant);
    auto tx = scratch->database().begin(scope, sql::Access::read);
    return scratch->run(accounts.find(*tx, scope.user()))->password_hash;
}

Task<std::vector<std::string>> SignInTest::trail_of(Scope scope) {
    auto tx = scratch->database().begin(scope, sql::Access::read);
    std::vector<std::string> out;
    for (auto& event : (co_await audit.list(*tx, scope, 100, std::nullopt)).items) {
        out.push_back(
            fmt::format("{} {}", describe::name_of(event.name), describe::name_of(event.outcome))
        );
    }
    co_return out;
}

}  // namespace afterresume::accounts
