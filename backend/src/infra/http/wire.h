// One client's socket: reads, writes, and waits that a deadline ends. Owned by a connection; I/O
// thread only.
#pragma once

#include "core/task.h"
#include "infra/http/inbox.h"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <span>
#include <string_view>

namespace afterresume::http {

using Moment = std::chrono::steady_clock::time_point;
// With the executor's own type, so that no operation pays for a type-erased one.
using Socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

class Wire {
public:
    enum class Outcome { done, blocked, broken };

    explicit Wire(Socket socket);

    // Waits for bytes and appends what is there, up to the size of `scratch`, which is used between
    // waits only. False when the deadline passed, the wait was cancelled, the client closed or the
    // socket broke.
    Task<bool> read(Inbox& into, std::span<char> scratch, Moment deadline);
    // Writes both, one after the other, and drops from their fronts what the kernel has taken.
    Outcome send(std::string_view& first, std::string_view& second);
    // Whether the other end has closed; leaves anything unread.
    bool hung_up();

    Task<bool> writable(Moment deadline);
    // Calls `then` once when there is something to read or the other end has closed; not after
    // cancel().
    void when_readable(std::function<void()> then);

    // Ends a wait whose deadline is over.
    void expire(Moment now);
    // Whether the last wait ended by its deadline.
    bool expired() const { return expired_; }
    void cancel();
    // Tells the other end that nothing more will come.
    void finish();
    void close();

private:
    Socket socket_;
    // A waiting connection holds this much to read into: Asio then needs one system call for a
    // small request.
    std::array<char, 1024> doorstep_;
    Moment deadline_ = Moment::max();
    bool expired_ = false;
};

}  // namespace afterresume::http
