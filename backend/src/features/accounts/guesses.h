// How often something may be guessed: each attempt is counted before anybody knows whether it is
// right, so that any number at once are as many as one after the other. Counted by the database for
// all nodes. Owned by app/.
#pragma once

#include "core/clock.h"
#include "infra/sql/database.h"

#include <functional>
#include <string>

namespace afterresume::accounts {

// Of a password, wherever from.
inline constexpr std::int64_t most_passwords = 10;

class Guesses {
public:
    Guesses(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

    // Of this `what` ("password", "totp") about `whom`, known or not. Throws Error(rate_limited,
    // "accounts.locked") when it is more than `most` within a quarter of an hour, which begins with
    // the first; the first that is refused is told first.
    using Tell = std::function<Task<void>()>;
    Task<void> count(std::string what, std::string whom, std::int64_t most, Tell tell = {});
    // Whether none was within a minute: how often something is told that anybody may bring about.
    Task<bool> is_first_of_minute(std::string what, std::string whom);
    // It was right: the next one is the first again.
    Task<void> forget(std::string what, std::string whom);

private:
    struct Attempts;
    Task<Attempts> attempt(std::string what, std::string whom, std::chrono::seconds within);

    sql::Database& database_;
    const Clock& clock_;
};

}  // namespace afterresume::accounts
