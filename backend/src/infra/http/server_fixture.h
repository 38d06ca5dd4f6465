// A server on a free port and raw clients for it, all in one thread: whoever waits runs the server
// meanwhile. Tests only.
#pragma once

#include "infra/http/server.h"

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace afterresume::http {

struct Reply {
    int status = 0;
    std::string head;
    std::string body;

    bool has(std::string_view header_line) const {
        return head.find(header_line) != std::string::npos;
    }
};

// Holds coroutines back until it is opened.
class Gate {
public:
    explicit Gate(boost::asio::io_context& io)
        : timer_(io, boost::asio::steady_timer::time_point::max()) {}
    Task<void> wait();
    void open() { timer_.expires_at(boost::asio::steady_timer::time_point::min()); }

private:
    boost::asio::steady_timer timer_;
};

class Client {
public:
    Client(boost::asio::io_context& io, std::uint16_t port);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    Client& send(std::string_view bytes);
    // The next response; `body` false for what answers HEAD. Status 0 when the connection ends
    // before it is whole.
    Reply reply(bool body = true);
    // Everything up to and including `mark`, or up to the end of the connection.
    std::string receive_until(std::string_view mark);
    // Whether anything has come that was not taken yet; does not wait.
    bool has_answer() const;
    // Whether the server closes the connection without sending anything more.
    bool is_closed();
    void leave();

private:
    bool receive_more();

    boost::asio::io_context& io_;
    int socket_ = -1;
    std::string received_;
};

class ServerTest : public testing::Test {
protected:
    ServerTest();
    ~ServerTest() override;

    void start();
    std::unique_ptr<Client> connect();
    // Runs the server until the condition holds; fails the test when that takes five seconds.
    void run_until(const std::function<bool()>& condition);
    // Sends one request on a connection of its own.
    Reply ask(std::string_view request);

    boost::asio::io_context io{1};
    Options options;
    Handler handler;
    std::unique_ptr<Server> server;
    int handled = 0;
};

std::string get(std::string_view path, std::string_view header_lines = "");
std::string post(std::string_view path, std::string_view body, std::string_view header_lines = "");
// Answers method, target and body as text.
Task<Response> echo(Request& request);
Response text(std::string body);

}  // namespace afterresume::http
