#include "features/accounts/resealing.h"

#include "features/accounts/totp_use.h"

namespace afterresume::accounts {

namespace {

struct SealedSecret {
    UserId id;
    sql::Blob secret;
};
BOOST_DESCRIBE_STRUCT(SealedSecret, (), (id, secret))

constexpr sql::Statement next{
    "totp.next_sealed", "SELECT id, secret FROM totp WHERE id > :id ORDER BY id LIMIT :limit"
};
constexpr sql::Statement put{
    "totp.put_sealed", "UPDATE totp SET secret = :sealed WHERE id = :id AND secret = :secret"
};

}  // namespace

Task<resealing::Tally> reseal_second_factors(
    sql::Database& database, sql::Access access, std::vector<std::string> keys
) {
    auto anew = [&keys](const SealedSecret& row) -> resealing::Anew {
        auto done = resealing::reseal(keys, row.secret.bytes, totp_context(row.id));
        return {done.was, sql::Blob{std::move(done.sealed)}};
    };
    co_return co_await resealing::reseal_rows<SealedSecret>(database, access, {next, put}, anew);
}

}  // namespace afterresume::accounts
