#include "engine/workers/loop.h"

#include "core/error.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace afterresume::workers {

namespace asio = boost::asio;

Task<std::optional<std::size_t>> guarded(
    observability::Log& log, std::string_view what, Task<std::size_t> turn
) {
    try {
        auto count = co_await std::move(turn);
        co_return count;
    } catch (const Error& error) {
        log.warning(
            "worker", "{} failed and will be tried again: {} ({})", what, error.what(), error.code()
        );
    } catch (const std::exception& error) {
        log.error("worker", "{} broke and will be tried again: {}", what, error.what());
    }
    co_return std::nullopt;
}

Task<void> sleep(asio::steady_timer& timer, std::chrono::milliseconds time) {
    timer.expires_after(time);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace afterresume::workers
