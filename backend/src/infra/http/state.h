// What the connections of one server share. Kept alive by the server and by each connection; I/O
// thread only.
#pragma once

#include "infra/http/gzip.h"
#include "infra/http/server.h"
#include "infra/http/wire.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace afterresume::http {

class Connection;

using Acceptor = boost::asio::basic_socket_acceptor<
    boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
using Timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
    boost::asio::io_context::executor_type>;

struct State : std::enable_shared_from_this<State> {
    State(boost::asio::io_context& io, Options its_options, Handler its_handler);

    void listen();
    void stop_listening();
    void await_client();
    void admit_clients();
    void start(Socket socket, const boost::asio::ip::tcp::endpoint& peer);
    void tick();
    void read_clocks();
    void leave(Connection& connection);
    Response problem(
        const Request& seen, int status, std::string_view code, std::string_view sentence
    ) const;

    Options options;
    Handler handler;
    boost::asio::io_context& io;
    Acceptor acceptor;
    Timer ticker;
    Timer pause;    // Before accepting again when the system has no descriptor or memory left.
    Timer emptied;  // Cancelled when the last connection leaves.
    Counters counters;
    std::vector<Connection*> connections;
    std::size_t refusing = 0;
    bool ticking = false;
    bool draining = false;
    Moment now;                // As of the last tick: exact enough for deadlines, and free.
    std::string common_lines;  // Options::fixed_headers and Date.
    std::time_t date = 0;
    std::unique_ptr<Gzip> gzip;  // From the first response that needs it.
    std::array<char, 64 << 10>
        scratch;  // What a read fills before the bytes go to their connection.
};

}  // namespace afterresume::http
