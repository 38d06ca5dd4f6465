#include "api/session_watch.h"

#include "core/error.h"
#include "infra/http/testing.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gmock/gmock.h>

#include <optional>

namespace afterresume::api {
namespace {

using namespace std::chrono_literals;

// Waits to be woken, then says so.
Task<void> wait_for_the_end(http::BodyWriter& out) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
    out.on_end([&timer] { timer.cancel(); });
    co_await out.write("begun ");
    boost::system::error_code woken;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    if (out.ended()) co_return;
    co_await out.write("woken for nothing");
}

Task<void> write_on_and_on(http::BodyWriter& out) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (true) {
        co_await out.write("x");
        timer.expires_after(0ms);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
}

Task<void> say_hello(http::BodyWriter& out) { co_await out.write("hello"); }

class SessionWatch : public testing::Test {
protected:
    // How the stream ended: nothing when well.
    std::optional<std::string> run(Stream stream) {
        auto seen = watched(std::move(stream), [this] { return admit(); }, 1ms);
        std::optional<std::string> refusal;
        boost::asio::co_spawn(io, seen(listener), [&](std::exception_ptr failure) {
            try {
                if (failure) std::rethrow_exception(failure);
            } catch (const Error& error) {
                refusal = error.code();
            }
        });
        io.run();
        return refusal;
    }
    Task<void> admit() {
        if (admitted-- <= 0) throw Error(ErrorKind::unauthenticated, "signed.out", "Signed out.");
        if (admitted == leave_at) listener.leave();
        co_return;
    }

    boost::asio::io_context io;
    http::Listener listener;
    // Times that the caller is still let in.
    int admitted = 1'000'000;
    int leave_at = -1;
};

TEST_F(SessionWatch, LetsAStreamEndByItself) {
    EXPECT_EQ(run(say_hello), std::nullopt);
    EXPECT_EQ(listener.heard, "hello");
}

TEST_F(SessionWatch, WakesAStreamWhoseSessionHasEnded) {
    admitted = 3;

    EXPECT_EQ(run(wait_for_the_end), std::nullopt);
    EXPECT_EQ(listener.heard, "begun ");
}

TEST_F(SessionWatch, TakesNoMoreOfAStreamThatDoesNotListen) {
    admitted = 3;

    EXPECT_EQ(run(write_on_and_on), "accounts.not_signed_in");
}

TEST_F(SessionWatch, BeginsNothingForASessionThatEndedMeanwhile) {
    admitted = 0;

    EXPECT_EQ(run(say_hello), "signed.out");
    EXPECT_EQ(listener.heard, "");
}

TEST_F(SessionWatch, WakesAStreamWhoseClientLeft) {
    leave_at = admitted - 3;

    EXPECT_EQ(run(wait_for_the_end), std::nullopt);
    EXPECT_EQ(listener.heard, "begun ");
}

}  // namespace
}  // namespace afterresume::api
