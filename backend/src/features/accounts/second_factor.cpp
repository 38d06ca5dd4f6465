#include "features/accounts/second_factor.h"

#include "infra/crypto/crypto.h"
#include "infra/crypto/totp.h"
#include "infra/qr/qr.h"

#include <boost/json/value.hpp>

namespace afterresume::accounts {

using auditing::Act;
using auditing::Outcome;
using sql::named;

namespace {

constexpr std::int64_t most_codes = 5;
constexpr std::size_t recovery_codes = 10;

struct Kept {
    std::optional<Timestamp> confirmed_at;
};
BOOST_DESCRIBE_STRUCT(Kept, (), (confirmed_at))

// 80 random bits, in four groups of five hexadecimal digits.
std::string recovery_code() {
    auto text = crypto::hex(crypto::random(10));
    for (std::size_t at : {15, 10, 5}) text.insert(at, 1, '-');
    return text;
}

std::string whom(const Scope& scope) { return std::to_string(scope.user().value); }

}  // namespace

Error wrong_code() {
    return Error(
        ErrorKind::unauthenticated, "accounts.wrong_code", "That code is wrong or was used."
    );
}

std::string SecondFactor::seal(const Scope& scope, const std::string& secret) const {
    return crypto::seal(keys_.front(), secret, totp_context(scope.user()));
}

TotpUse::Open SecondFactor::opener(const Scope& scope) const {
    return [this, context = totp_context(scope.user())](const std::string& sealed) {
        if (auto secret = crypto::open(keys_, sealed, context)) return *secret;
        throw Error(
            ErrorKind::internal, "accounts.unreadable_secret",
            "A second factor was sealed with a key that is not there."
        );
    };
}

Task<bool> SecondFactor::is_on(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "totp.find", "SELECT confirmed_at FROM totp WHERE id = :user_id"
    };
    auto kept = co_await tx.find<Kept>(statement, scope);
    co_return kept && kept->confirmed_at;
}

Task<Enrolment> SecondFactor::enrol(const Scope& scope) {
    static constexpr sql::Statement statement{"totp.insert", R"sql(
        INSERT INTO totp (id, secret, last_step, recovery_hashes, created_at)
        VALUES (:user_id, :secret, 0, :none, :now))sql"};
    static constexpr sql::Statement replace{"totp.replace", R"sql(
        UPDATE totp SET secret = :secret, last_step = 0, created_at = :now
        WHERE id = :user_id AND confirmed_at IS NULL)sql"};
    auto tx = parts_.database.begin(scope, sql::Access::write);
    auto account = co_await parts_.accounts.find(*tx, scope.user());
    if (!account) throw Error::not_found("account");
    if (co_await is_on(*tx, scope))
        throw Error(
            ErrorKind::conflict, "accounts.second_factor_on",
            "There is a second factor already; remove it first."
        );
    auto secret = crypto::totp_secret();
    auto sealed = named("secret", sql::Blob{seal(scope, secret)});
    auto now = named("now", parts_.clock.now());
    auto replaced = co_await tx->execute(replace, scope, sealed, now);
    if (replaced == 0) tx->defer(statement, scope, sealed, now, named("none", sql::JsonText{"[]"}));
    co_await tx->commit();
    Enrolment out;
    out.secret = crypto::base32(secret);
    out.uri = crypto::totp_uri(secret, "AfterResume", account->email);
    out.qr_svg = qr::svg_of(out.uri);
    co_return out;
}

Task<void> SecondFactor::count_guess(const Scope& scope, Act act, const auditing::Origin& origin) {
    co_await parts_.guesses.count("second factor", whom(scope), most_codes, [&] {
        return parts_.audit.record_failure(
            parts_.database, scope, origin, act, {{"reason", "locked"}}
        );
    });
}

Task<void> SecondFactor::forget_guesses(const Scope& scope) {
    return parts_.guesses.forget("second factor", whom(scope));
}

Task<bool> SecondFactor::use(
    sql::Tx& tx, const Scope& scope, const std::string& code, const auditing::Origin& origin
) {
    TotpUse use({parts_.audit, opener(scope)}, scope, code, origin, parts_.clock.now());
    auto verdict = co_await single_use::once(tx, use);
    co_return verdict == single_use::Verdict::fresh&& use.confirmed();
}

// A transaction in which the code has been used, for what it allows.
Task<std::unique_ptr<sql::Tx>> SecondFactor::begin_with(
    const Scope& scope, const std::string& code, const auditing::Origin& origin, Act act,
    State state
) {
    co_await count_guess(scope, act, origin);
    auto tx = parts_.database.begin(scope, sql::Access::write);
    TotpUse use({parts_.audit, opener(scope)}, scope, code, origin, parts_.clock.now());
    auto verdict = co_await single_use::once(*tx, use);
    if (verdict != single_use::Verdict::fresh) {
        co_await tx->rollback();
        co_await parts_.audit.record_failure(parts_.database, scope, origin, act);
        throw wrong_code();
    }
    if (use.confirmed() != (state == State::confirmed)) throw Error::not_found("second factor");
    co_return tx;
}

Task<RecoveryCodes> SecondFactor::write_codes(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "totp.write_codes", R"sql(
        UPDATE totp SET recovery_hashes = :hashes, confirmed_at = coalesce(confirmed_at, :now) WHERE id = :user_id)sql"
    };
    RecoveryCodes out;
    std::vector<std::string> hashes;
    for (std::size_t i = 0; i < recovery_codes; ++i) {
        out.recovery_codes.push_back(recovery_code());
        hashes.push_back(recovery_hash(out.recovery_codes.back()));
    }
    co_await tx.execute(
        statement, scope, named("hashes", sql::JsonText{describe::to_json(hashes)}),
        named("now", parts_.clock.now())
    );
    co_return out;
}

Task<RecoveryCodes> SecondFactor::confirm(
    const Scope& scope, std::string code, auditing::Origin origin
) {
    auto tx = co_await begin_with(scope, code, origin, Act::second_factor_added, State::new_one);
    auto codes = co_await write_codes(*tx, scope);
    co_await parts_.accounts.begin_epoch(*tx, scope);
    co_await parts_.audit.record(*tx, scope, origin, Act::second_factor_added, Outcome::success);
    co_await tx->commit();
    co_await forget_guesses(scope);
    co_return codes;
}

Task<RecoveryCodes> SecondFactor::renew_codes(
    const Scope& scope, std::string code, auditing::Origin origin
) {
    auto tx = co_await begin_with(scope, code, origin, Act::recovery_codes_made, State::confirmed);
    auto codes = co_await write_codes(*tx, scope);
    co_await parts_.audit.record(*tx, scope, origin, Act::recovery_codes_made, Outcome::success);
    co_await tx->commit();
    co_await forget_guesses(scope);
    co_return codes;
}

Task<bool> remove_second_factor(sql::Tx& tx, Repository& accounts, const Scope& scope) {
    static constexpr sql::Statement statement{
        "totp.delete", "DELETE FROM totp WHERE id = :user_id AND confirmed_at IS NOT NULL"
    };
    auto removed = co_await tx.execute(statement, scope);
    if (removed == 0) co_return false;
    co_await accounts.begin_epoch(tx, scope);
    co_return true;
}

Task<void> SecondFactor::remove(const Scope& scope, std::string code, auditing::Origin origin) {
    auto tx =
        co_await begin_with(scope, code, origin, Act::second_factor_removed, State::confirmed);
    co_await remove_second_factor(*tx, parts_.accounts, scope);
    co_await parts_.audit.record(*tx, scope, origin, Act::second_factor_removed, Outcome::success);
    co_await tx->commit();
    co_await forget_guesses(scope);
}

}  // namespace afterresume::accounts
