#include "features/accounts/sign_ups.h"

#include "core/scope_mint.h"
#include "core/text.h"
#include "features/accounts/equal_time.h"
#include "infra/crypto/crypto.h"

#include <boost/asio/this_coro.hpp>

namespace afterresume::accounts {

using single_use::Verdict;
using sql::named;

namespace {

constexpr std::chrono::hours lifetime{48};

// Within a quarter of an hour, for one address: those from one network address, so that nobody uses
// up what its owner may try, and all, so that nobody fills its mailbox from everywhere.
constexpr std::int64_t most_from_one = 5;
constexpr std::int64_t most_from_all = 20;

struct Waiting {
    UserId user_id;
    std::string email;
    std::string password_hash;
    std::string display_name;
    std::string time_zone;
};
BOOST_DESCRIBE_STRUCT(Waiting, (), (user_id, email, password_hash, display_name, time_zone))

struct Due {
    Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(Due, (), (expires_at))

// Who belongs to no tenant yet; without a user the program itself.
Scope scope_of(UserId user, Uuid correlation) {
    Identity identity;
    identity.user = user;
    identity.cause.correlation = correlation;
    return ScopeMint::mint(identity);
}

// The account that it makes is recorded by who makes it.
class SignUpUse final : public single_use::Use {
public:
    SignUpUse(const Scope& scope, Timestamp now) : scope_(scope), now_(now) {}

    Task<bool> lock(sql::Tx& tx) override {
        static constexpr sql::Statement statement{
            "sign_ups.lock", "SELECT expires_at FROM sign_up WHERE user_id = :user_id FOR UPDATE"
        };
        due_ = co_await tx.find<Due>(statement, scope_);
        co_return due_.has_value();
    }
    Verdict check() const override {
        return due_->expires_at > now_ ? Verdict::fresh : Verdict::spent;
    }
    Task<bool> consume(sql::Tx& tx) override {
        static constexpr sql::Statement statement{
            "sign_ups.use", "DELETE FROM sign_up WHERE user_id = :user_id"
        };
        co_return co_await tx.execute(statement, scope_) == 1;
    }
    Task<void> audit(sql::Tx&, Verdict) override { co_return; }

private:
    const Scope& scope_;
    Timestamp now_;
    std::optional<Due> due_;
};

}  // namespace

Task<void> SignUps::ask(Account account, auditing::Origin origin, Uuid correlation) {
    EqualTime equal_time(co_await boost::asio::this_coro::executor);
    auto email = account.email_folded;
    co_await parts_.guesses.count("sign-up", email + '\n' + origin.address, most_from_one);
    co_await parts_.guesses.count("sign-up mail", email, most_from_all);
    auto taken = co_await parts_.credentials.tell_of_sign_up(email, std::move(origin), correlation);
    if (!taken) co_await keep(std::move(account), correlation);
    co_await equal_time.pass();
}

Task<void> SignUps::keep(Account account, Uuid correlation) {
    static constexpr sql::Statement statement{
        "sign_ups.insert", R"sql(
        INSERT INTO sign_up (user_id, email, password_hash, display_name, time_zone, code_hash, created_at, expires_at)
        VALUES (:id, :email, :password_hash, :display_name, :time_zone, :code_hash, :created_at, :expires_at))sql"
    };
    auto code = crypto::random_token();
    auto scope = scope_of(account.id, correlation);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    tx->defer(
        statement, account, named("code_hash", sql::Blob{crypto::sha256(code)}),
        named("expires_at", account.created_at + lifetime)
    );
    // Without the name, which whoever knows the address may have chosen.
    mail::Letter letter{
        mail::Kind::sign_up,
        account.email,
        {},
        fmt::format("{}/api/docs/?signup={}", public_url_, code),
        lifetime.count()
    };
    // A job is done for somebody who is there: here the program is.
    auto program = scope_of(UserId{}, correlation);
    co_await parts_.postbox.post(*tx, program, std::move(letter));
    co_await tx->commit();
}

Task<Account> SignUps::find(std::string code) {
    static constexpr sql::Statement lookup{
        "sign_ups.lookup", "SELECT user_id FROM lookup_sign_up(:code_hash, :now)",
        "SELECT user_id FROM lookup_sign_up WHERE code_hash = :code_hash AND expires_at > :now"
    };
    static constexpr sql::Statement statement{
        "sign_ups.get", R"sql(
        SELECT user_id, email, password_hash, display_name, time_zone FROM sign_up WHERE user_id = :user_id)sql"
    };
    auto now = parts_.clock.now();
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto user = co_await anonymous->find<UserId>(
        lookup, named("code_hash", sql::Blob{crypto::sha256(code)}), named("now", now)
    );
    if (!user) throw code_not_usable();
    auto scope = scope_of(*user, {});
    auto tx = parts_.database.begin(scope, sql::Access::read);
    auto waiting = co_await tx->find<Waiting>(statement, scope);
    if (!waiting) throw code_not_usable();
    Account account;
    account.id = waiting->user_id;
    account.email = std::move(waiting->email);
    account.email_folded = fold_for_search(account.email);
    account.password_hash = std::move(waiting->password_hash);
    account.display_name = std::move(waiting->display_name);
    account.time_zone = std::move(waiting->time_zone);
    // Whoever reads the mail has the address.
    account.email_verified_at = account.created_at = now;
    co_return account;
}

Task<void> SignUps::use(sql::Tx& tx, const Scope& scope) {
    SignUpUse use(scope, parts_.clock.now());
    auto verdict = co_await single_use::once(tx, use);
    if (verdict != Verdict::fresh) throw code_not_usable();
}

Task<std::int64_t> SignUps::purge(sql::Tx& engine, std::int64_t most) {
    static constexpr sql::Statement statement{
        "sign_ups.purge", R"sql(
        DELETE FROM sign_up WHERE user_id IN (SELECT user_id FROM sign_up WHERE expires_at <= :now LIMIT :most))sql"
    };
    return engine.execute(statement, named("now", parts_.clock.now()), named("most", most));
}

}  // namespace afterresume::accounts
