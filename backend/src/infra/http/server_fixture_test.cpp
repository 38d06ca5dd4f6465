#include "infra/http/server_fixture.h"

#include <fmt/format.h>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace afterresume::http {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 5s;

std::string without_chunks(std::string_view chunked) {
    std::string body;
    while (!chunked.empty()) {
        std::size_t size = 0;
        std::from_chars(chunked.data(), chunked.data() + chunked.size(), size, 16);
        chunked.remove_prefix(chunked.find("\r\n") + 2);
        body.append(chunked.substr(0, size));
        chunked.remove_prefix(std::min(size + 2, chunked.size()));
    }
    return body;
}

}  // namespace

Task<void> Gate::wait() {
    boost::system::error_code ignored;
    co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
}

Client::Client(boost::asio::io_context& io, std::uint16_t port)
    : io_(io), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) leave();
}

Client::~Client() { leave(); }

void Client::leave() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

Client& Client::send(std::string_view bytes) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!bytes.empty() && std::chrono::steady_clock::now() < until) {
        const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0 && errno != EAGAIN) break;
        if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
        io_.poll();
    }
    return *this;
}

bool Client::receive_more() {
    const auto until = std::chrono::steady_clock::now() + patience;
    std::array<char, 65536> bytes;
    while (std::chrono::steady_clock::now() < until) {
        const auto count = ::recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (count > 0) received_.append(bytes.data(), static_cast<std::size_t>(count));
        if (count >= 0) return count > 0;
        if (errno != EAGAIN) return false;
        if (io_.stopped()) io_.restart();
        io_.run_one_for(1ms);
    }
    ADD_FAILURE() << "nothing came; so far: " << received_;
    return false;
}

std::string Client::receive_until(std::string_view mark) {
    auto end = received_.find(mark);
    while (end == std::string::npos && receive_more()) end = received_.find(mark);
    end = std::min(received_.size(), end == std::string::npos ? end : end + mark.size());
    auto part = received_.substr(0, end);
    received_.erase(0, end);
    return part;
}

Reply Client::reply(bool body) {
    Reply reply;
    reply.head = receive_until("\r\n\r\n");
    if (!reply.head.ends_with("\r\n\r\n")) return reply;
    const int status = std::stoi(reply.head.substr(9, 3));
    if (body && reply.has("Transfer-Encoding: chunked")) {
        const auto chunks = receive_until("0\r\n\r\n");
        if (!chunks.ends_with("0\r\n\r\n")) return reply;
        reply.body = without_chunks(chunks);
    } else if (const auto at = reply.head.find("Content-Length: ");
               body && at != std::string::npos) {
        const auto size = std::stoul(reply.head.substr(at + 16));
        while (received_.size() < size && receive_more()) {
        }
        if (received_.size() < size) return reply;
        reply.body = received_.substr(0, size);
        received_.erase(0, size);
    } else if (body && reply.has("Connection: close")) {
        while (receive_more()) {
        }
        reply.body = std::move(received_);
    }
    reply.status = status;
    return reply;
}

bool Client::has_answer() const {
    char letter = 0;
    return !received_.empty() || ::recv(socket_, &letter, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

bool Client::is_closed() {
    return received_.empty() && !receive_more() && !testing::Test::HasFailure();
}

ServerTest::ServerTest() {
    options.tick = 2ms;
    handler = echo;
}

ServerTest::~ServerTest() {
    server.reset();
    io.restart();
    io.run_for(patience);
}

void ServerTest::start() {
    auto counted = [this](Request& request) {
        ++handled;
        return handler(request);
    };
    server = std::make_unique<Server>(io, options, std::move(counted));
    server->listen();
}

std::unique_ptr<Client> ServerTest::connect() {
    if (!server) start();
    return std::make_unique<Client>(io, server->port());
}

void ServerTest::run_until(const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!condition() && std::chrono::steady_clock::now() < until) {
        if (io.stopped()) io.restart();
        io.run_one_for(1ms);
    }
    EXPECT_TRUE(condition());
}

Reply ServerTest::ask(std::string_view request) {
    return connect()->send(request).reply(!request.starts_with("HEAD"));
}

std::string get(std::string_view path, std::string_view header_lines) {
    return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", path, header_lines);
}

std::string post(std::string_view path, std::string_view body, std::string_view header_lines) {
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n{}\r\n{}", path, body.size(),
        header_lines, body
    );
}

Task<Response> echo(Request& request) {
    co_return text(fmt::format("{} {} [{}]", request.method, request.target, request.body));
}

Response text(std::string body) {
    Response response;
    response.content_type = "text/plain; charset=utf-8";
    response.body = std::move(body);
    return response;
}

}  // namespace afterresume::http
