#include "api/session_watch.h"

#include "core/error.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <utility>

namespace afterresume::api {

namespace {

using Admit = std::function<Task<void>()>;

Error signed_out() {
    return Error(ErrorKind::unauthenticated, "accounts.not_signed_in", "The session has ended.");
}

// What a stream and those who watch over it share; the last of them to end takes it along.
struct Watch {
    explicit Watch(const boost::asio::any_io_executor& executor) : timer(executor) {}

    void wake_stream() {
        if (wake) std::exchange(wake, nullptr)();
    }

    boost::asio::steady_timer timer;
    bool over = false;
    bool stream_ended = false;
    std::function<void()> wake;
};

class WatchedWriter final : public http::BodyWriter {
public:
    WatchedWriter(http::BodyWriter& out, std::shared_ptr<Watch> watch)
        : out_(out), watch_(std::move(watch)) {}
    ~WatchedWriter() override {
        watch_->stream_ended = true;
        watch_->wake = nullptr;
        watch_->timer.cancel();
    }

    Task<void> write(std::string_view bytes) override {
        if (watch_->over) throw signed_out();
        return out_.write(bytes);
    }
    bool ended() const override { return watch_->over || out_.ended(); }
    void on_end(std::function<void()> wake) override {
        watch_->wake = std::move(wake);
        out_.on_end([watch = watch_] { watch->wake_stream(); });
        if (watch_->over) watch_->wake_stream();
    }

private:
    http::BodyWriter& out_;
    std::shared_ptr<Watch> watch_;
};

Task<void> keep_watch(std::shared_ptr<Watch> watch, Admit admit, std::chrono::milliseconds pause) {
    while (!watch->stream_ended) {
        watch->timer.expires_after(pause);
        boost::system::error_code woken;
        co_await watch->timer.async_wait(
            boost::asio::redirect_error(boost::asio::use_awaitable, woken)
        );
        if (watch->stream_ended) co_return;
        try {
            co_await admit();
        } catch (...) {
            watch->over = true;
            watch->wake_stream();
            co_return;
        }
    }
}

Task<void> write_watched(
    Stream stream, Admit admit, std::chrono::milliseconds pause, http::BodyWriter& out
) {
    co_await admit();
    auto executor = co_await boost::asio::this_coro::executor;
    auto watch = std::make_shared<Watch>(executor);
    boost::asio::co_spawn(executor, keep_watch(watch, admit, pause), boost::asio::detached);
    WatchedWriter writer(out, watch);
    co_await stream(writer);
}

}  // namespace

Stream watched(Stream stream, std::function<Task<void>()> admit, std::chrono::milliseconds pause) {
    return [stream = std::move(stream), admit = std::move(admit), pause](http::BodyWriter& out) {
        return write_watched(stream, admit, pause, out);
    };
}

}  // namespace afterresume::api
