#include "infra/http/wire.h"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace afterresume::http {

namespace asio = boost::asio;
using Failure = boost::system::error_code;

Wire::Wire(Socket socket) : socket_(std::move(socket)) {
    Failure ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

Task<bool> Wire::read(Inbox& into, std::span<char> scratch, Moment deadline) {
    Failure failure;
    deadline_ = deadline;
    expired_ = false;
    const auto count = co_await socket_.async_read_some(
        asio::buffer(doorstep_),
        asio::bind_executor(
            socket_.get_executor(), asio::redirect_error(asio::use_awaitable, failure)
        )
    );
    deadline_ = Moment::max();
    into.append({doorstep_.data(), count});
    if (count == doorstep_.size()) {
        const auto more = socket_.read_some(asio::buffer(scratch.data(), scratch.size()), failure);
        into.append({scratch.data(), more});
    }
    co_return count != 0;
}

Wire::Outcome Wire::send(std::string_view& first, std::string_view& second) {
    while (!first.empty() || !second.empty()) {
        Failure failure;
        std::size_t count = 0;
        if (second.empty()) {
            count = socket_.write_some(asio::buffer(first), failure);
        } else {
            const std::array<asio::const_buffer, 2> parts{
                asio::buffer(first), asio::buffer(second)
            };
            count = socket_.write_some(parts, failure);
        }
        const auto of_first = std::min(count, first.size());
        first.remove_prefix(of_first);
        second.remove_prefix(count - of_first);
        if (failure)
            return failure == asio::error::would_block ? Outcome::blocked : Outcome::broken;
    }
    return Outcome::done;
}

bool Wire::hung_up() {
    char letter = 0;
    const auto count = ::recv(socket_.native_handle(), &letter, 1, MSG_PEEK | MSG_DONTWAIT);
    return count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

Task<bool> Wire::writable(Moment deadline) {
    Failure failure;
    deadline_ = deadline;
    expired_ = false;
    co_await socket_.async_wait(
        Socket::wait_write,
        asio::bind_executor(
            socket_.get_executor(), asio::redirect_error(asio::use_awaitable, failure)
        )
    );
    deadline_ = Moment::max();
    co_return !failure && !expired_;
}

void Wire::when_readable(std::function<void()> then) {
    socket_.async_wait(Socket::wait_read, [then = std::move(then)](Failure failure) {
        if (!failure) then();
    });
}

void Wire::expire(Moment now) {
    if (now < deadline_) return;
    expired_ = true;
    cancel();
}

void Wire::cancel() {
    Failure ignored;
    socket_.cancel(ignored);
}

void Wire::finish() {
    Failure ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
}

void Wire::close() {
    Failure ignored;
    socket_.close(ignored);
}

}  // namespace afterresume::http
