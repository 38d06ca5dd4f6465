#include "features/accounts/guesses.h"

#include "infra/crypto/crypto.h"

namespace afterresume::accounts {

namespace {

constexpr auto window = std::chrono::minutes(15);

sql::Blob subject_of(const std::string& what, const std::string& whom) {
    return {crypto::sha256(what + '\n' + whom)};
}

}  // namespace

struct Guesses::Attempts {
    Timestamp since;
    std::int64_t attempts = 0;
    BOOST_DESCRIBE_CLASS(Attempts, (), (since, attempts), (), ())
};

Task<Guesses::Attempts> Guesses::attempt(
    std::string what, std::string whom, std::chrono::seconds within
) {
    static constexpr sql::Statement statement{"guesses.count", R"sql(
        INSERT INTO guess (subject, since, attempts) VALUES (:subject, :now, 1)
        ON CONFLICT (subject) DO UPDATE SET
            since = CASE WHEN guess.since <= :before THEN excluded.since ELSE guess.since END,
            attempts = CASE WHEN guess.since <= :before THEN 1 ELSE guess.attempts + 1 END
        RETURNING since, attempts)sql"};
    // What nobody asks about any more goes with later attempts.
    static constexpr sql::Statement tidy{
        "guesses.tidy", R"sql(
        DELETE FROM guess WHERE subject IN (SELECT subject FROM guess WHERE since <= :window ORDER BY since LIMIT 2))sql"
    };
    auto now = clock_.now();
    auto tx = database_.begin_engine(sql::Access::write);
    auto counted = co_await tx->one<Attempts>(
        statement, sql::named("subject", subject_of(what, whom)), sql::named("now", now),
        sql::named("before", now - within)
    );
    tx->defer(tidy, sql::named("window", now - window));
    co_await tx->commit();
    co_return counted;
}

Task<void> Guesses::count(std::string what, std::string whom, std::int64_t most, Tell tell) {
    auto counted = co_await attempt(std::move(what), std::move(whom), window);
    if (counted.attempts <= most) co_return;
    if (tell && counted.attempts == most + 1) co_await tell();
    auto left = counted.since + window - clock_.now();
    auto wait = std::chrono::ceil<std::chrono::seconds>(left).count();
    throw Error(
        ErrorKind::rate_limited, "accounts.locked", "Too many attempts; wait before the next."
    )
        .retry_after(std::max<std::int64_t>(1, wait));
}

Task<bool> Guesses::is_first_of_minute(std::string what, std::string whom) {
    auto counted = co_await attempt(std::move(what), std::move(whom), std::chrono::minutes(1));
    co_return counted.attempts == 1;
}

Task<void> Guesses::forget(std::string what, std::string whom) {
    static constexpr sql::Statement statement{
        "guesses.forget", "DELETE FROM guess WHERE subject = :subject"
    };
    auto tx = database_.begin_engine(sql::Access::write);
    tx->defer(statement, sql::named("subject", subject_of(what, whom)));
    co_await tx->commit();
}

}  // namespace afterresume::accounts
