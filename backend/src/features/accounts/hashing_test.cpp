#include "features/accounts/hashing.h"

#include "core/error.h"
#include "infra/crypto/crypto.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

namespace afterresume::accounts {
namespace {

TEST(Hashing, RefusesAtOnceWhatWouldWaitTooLong) {
    boost::asio::io_context io;
    Hashing hashing(1);
    const auto hash = crypto::hash_password("right");
    int right = 0;
    int refused = 0;

    for (int i = 0; i < 40; ++i) {
        boost::asio::co_spawn(
            io, hashing.matches(hash, "right"),
            [&](std::exception_ptr failure, bool matches) {
                right += failure == nullptr && matches ? 1 : 0;
                refused += failure != nullptr ? 1 : 0;
            }
        );
    }
    io.run();

    EXPECT_EQ(right, 17);
    EXPECT_EQ(refused, 23);
}

TEST(Hashing, HasRoomAgainAfterwards) {
    boost::asio::io_context io;
    Hashing hashing(1);
    int done = 0;

    for (int i = 0; i < 40; ++i) {
        boost::asio::co_spawn(
            io, hashing.matches("no hash", "x"),
            [&](std::exception_ptr failure, bool) { done += failure == nullptr ? 1 : 0; }
        );
        io.run();
        io.restart();
    }

    EXPECT_EQ(done, 40);
}

}  // namespace
}  // namespace afterresume::accounts
