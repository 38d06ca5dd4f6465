// The HTTP/1.1 server: connections, limits and deadlines up to a Handler. Owned by app/; runs on
// the one thread of its io_context, which must outlive it. What the handler and the callbacks refer
// to must outlive the io_context's run.
#pragma once

#include "infra/http/message.h"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace afterresume::http {

// Should not throw: the server answers 500 and knows nothing better.
using Handler = std::function<Task<Response>(Request&)>;

// How the body of one request is taken in.
struct BodyPolicy {
    enum class Mode : std::uint8_t { buffer, stream };

    Mode mode = Mode::buffer;
    // Bytes; beyond it 413, before reading when Content-Length tells.
    std::uint64_t limit = 1 << 20;
};

struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one.
    std::size_t max_header_bytes = 16 << 10;
    std::size_t max_connections = 20'000;

    std::chrono::milliseconds header_timeout = std::chrono::seconds{10};  // For the whole head.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds{75};    // Between requests.
    // A body or a write may make the server wait this long in sum, and a second more per
    // `min_bytes_per_second`.
    std::chrono::milliseconds transfer_grace = std::chrono::seconds{20};
    std::uint64_t min_bytes_per_second = 1024;
    // How late a deadline may be noticed.
    std::chrono::milliseconds tick = std::chrono::milliseconds{250};

    // Asked when the head is complete and before any of the body is read; must not throw. Without
    // it: buffer up to the default.
    std::function<BodyPolicy(const Request& head)> decide;
    // The answer to what never reaches the handler (400, 408, 413, 417, 431, 503, 505) or made it
    // throw (500); the request as far as it was understood.
    std::function<
        Response(const Request& seen, int status, std::string_view code, std::string_view sentence)>
        problem;
    // Sent with every response, those of `problem` included: whole lines, each ending in "\r\n".
    std::string fixed_headers;
};

struct State;

struct Counters {
    std::size_t connections = 0;
    std::uint64_t accepted = 0;
    std::uint64_t requests = 0;
    std::uint64_t refused = 0;  // Connections beyond max_connections.
};

class Server {
public:
    Server(boost::asio::io_context& io, Options options, Handler handler);
    // Closes every connection at once; call drain() before to be polite.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Starts accepting. Throws Error(unavailable "http.listen") when the address is taken or not
    // ours.
    void listen();
    // The port in use; after listen().
    std::uint16_t port() const;
    Counters counters() const;
    // Stops accepting, closes idle connections, ends streams and lets requests in flight finish.
    // Returns when no connection is left, at the latest after `grace`, when the rest is cut.
    Task<void> drain(std::chrono::milliseconds grace);

private:
    std::shared_ptr<State> state_;
};

}  // namespace afterresume::http
