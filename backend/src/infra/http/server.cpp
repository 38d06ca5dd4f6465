#include "infra/http/server.h"

#include "core/error.h"
#include "infra/http/connection.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <ctime>
#include <utility>

namespace afterresume::http {

namespace asio = boost::asio;
using Failure = boost::system::error_code;

namespace {

using namespace std::chrono_literals;

constexpr int backlog = 4096;
constexpr int clients_at_once = 64;
constexpr std::size_t largest_refusing = 256;
constexpr auto pause_without_room = 100ms;

Response plain_problem(int status, std::string_view sentence) {
    Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = sentence;
    return response;
}

// An IPv4 client of an IPv6 socket has one name, not two: limits and allow lists compare it.
std::string plain_address(const asio::ip::tcp::endpoint& peer) {
    const auto address = peer.address();
    if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address.to_string();
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
}

}  // namespace

State::State(asio::io_context& its_io, Options its_options, Handler its_handler)
    : options(std::move(its_options)),
      handler(std::move(its_handler)),
      io(its_io),
      acceptor(its_io),
      ticker(its_io),
      pause(its_io),
      emptied(its_io) {
    read_clocks();
}

void State::listen() {
    Failure failure;
    const auto address = asio::ip::make_address(options.host, failure);
    const asio::ip::tcp::endpoint endpoint(address, options.port);
    if (!failure) acceptor.open(endpoint.protocol(), failure);
    if (!failure) acceptor.set_option(Acceptor::reuse_address(true), failure);
    if (!failure) acceptor.bind(endpoint, failure);
    if (!failure) acceptor.listen(backlog, failure);
    if (!failure) acceptor.non_blocking(true, failure);
    if (failure) {
        const auto hint =
            failure == asio::error::address_in_use ? " Another program is listening there." : "";
        throw Error(
            ErrorKind::unavailable, "http.listen",
            fmt::format(
                "Cannot listen on {} port {}: {}.{}", options.host, options.port, failure.message(),
                hint
            )
        );
    }
    options.port = acceptor.local_endpoint().port();
    await_client();
}

void State::stop_listening() {
    Failure ignored;
    acceptor.close(ignored);
    pause.cancel();
}

void State::await_client() {
    acceptor.async_wait(Acceptor::wait_read, [self = shared_from_this()](Failure failure) {
        if (!failure) self->admit_clients();
    });
}

void State::admit_clients() {
    for (int admitted = 0; admitted < clients_at_once; ++admitted) {
        Socket socket(io);
        asio::ip::tcp::endpoint peer;
        Failure failure;
        acceptor.accept(socket, peer, failure);
        if (!failure) {
            start(std::move(socket), peer);
            continue;
        }
        if (failure == asio::error::would_block) break;
        if (failure == asio::error::connection_aborted) continue;
        pause.expires_after(pause_without_room);
        pause.async_wait([self = shared_from_this()](Failure stopped) {
            if (!stopped) self->await_client();
        });
        return;
    }
    await_client();
}

void State::start(Socket socket, const asio::ip::tcp::endpoint& peer) {
    if (!ticking) read_clocks();
    ++counters.accepted;
    const bool full = connections.size() - refusing >= options.max_connections;
    if (full) ++counters.refused;
    if (full && refusing >= largest_refusing) return;
    auto connection =
        std::make_shared<Connection>(shared_from_this(), std::move(socket), plain_address(peer));
    connection->place = connections.size();
    connections.push_back(connection.get());
    if (full) ++refusing;
    auto life =
        full ? Connection::refuse(std::move(connection)) : Connection::serve(std::move(connection));
    asio::co_spawn(io, std::move(life), asio::detached);
    if (!ticking) tick();
}

void State::leave(Connection& connection) {
    if (connection.place >= connections.size() || connections[connection.place] != &connection)
        return;
    connections.back()->place = connection.place;
    std::swap(connections[connection.place], connections.back());
    connections.pop_back();
    if (connections.empty()) emptied.cancel();
}

void State::tick() {
    read_clocks();
    for (auto* connection : connections) connection->tick(now);
    ticking = !connections.empty();
    if (!ticking) return;
    ticker.expires_after(options.tick);
    ticker.async_wait([self = shared_from_this()](Failure failure) {
        if (!failure) self->tick();
    });
}

void State::read_clocks() {
    now = std::chrono::steady_clock::now();
    const auto second = std::time(nullptr);
    if (std::exchange(date, second) == second) return;
    common_lines = fmt::format(
        "{}Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n", options.fixed_headers, fmt::gmtime(second)
    );
}

Response State::problem(
    const Request& seen, int status, std::string_view code, std::string_view sentence
) const {
    try {
        if (options.problem) return options.problem(seen, status, code, sentence);
    } catch (...) {
        // The plain one below never fails.
    }
    return plain_problem(status, sentence);
}

Server::Server(asio::io_context& io, Options options, Handler handler)
    : state_(std::make_shared<State>(io, std::move(options), std::move(handler))) {}

Server::~Server() {
    state_->stop_listening();
    for (auto* connection : state_->connections) connection->cut();
}

void Server::listen() { state_->listen(); }

std::uint16_t Server::port() const { return state_->options.port; }

Counters Server::counters() const {
    auto counters = state_->counters;
    counters.connections = state_->connections.size();
    return counters;
}

Task<void> Server::drain(std::chrono::milliseconds grace) {
    const auto state = state_;
    state->stop_listening();
    state->draining = true;
    std::vector<std::shared_ptr<Connection>> guests;
    for (auto* connection : state->connections) guests.push_back(connection->shared_from_this());
    for (const auto& connection : guests) connection->drain();
    guests.clear();
    const auto deadline = std::chrono::steady_clock::now() + grace;
    while (!state->connections.empty() && std::chrono::steady_clock::now() < deadline) {
        state->emptied.expires_at(deadline);
        Failure ignored;
        co_await state->emptied.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    for (auto* connection : state->connections) connection->cut();
}

}  // namespace afterresume::http
