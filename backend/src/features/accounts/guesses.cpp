#include "features/accounts/guesses.h"

#include "infra/crypto/crypto.h"

namespace afterresume::accounts {

namespace {

constexpr auto window = std::chrono::minutes(15);

struct Attempts {
    Timestamp since;
    std::int64_t attempts = 0;
};
BOOST_DESCRIBE_STRUCT(Attempts, (), (since, attempts))

sql::Blob subject_of(const std::string& what, const std::string& whom) {
    return {crypto::sha256(what + '\n' + whom)};
}

}  // namespace

Task<void> Guesses::count(std::string what, std::string whom, std::int64_t most) {
    static constexpr sql::Statement statement{"guesses.count", R"sql(
        INSERT INTO guess (subject, since, attempts) VALUES (:subject, :now, 1)
        ON CONFLICT (subject) DO UPDATE SET
            since = CASE WHEN guess.since <= :window THEN excluded.since ELSE guess.since END,
            attempts = CASE WHEN guess.since <= :window THEN 1 ELSE guess.attempts + 1 END
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
        sql::named("window", now - window)
    );
    tx->defer(tidy, sql::named("window", now - window));
    co_await tx->commit();
    if (counted.attempts <= most) co_return;
    auto wait = std::chrono::ceil<std::chrono::seconds>(counted.since + window - now).count();
    throw Error(
        ErrorKind::rate_limited, "accounts.locked", "Too many attempts; wait before the next."
    )
        .retry_after(std::max<std::int64_t>(1, wait));
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
