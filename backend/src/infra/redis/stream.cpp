#include "infra/redis/stream.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace afterresume::redis {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

class Opening : public Stream {
public:
    virtual Task<void> connect(Address address) = 0;
};

// Addresses come one after the other until one answers.
Task<void> connect_to(tcp::socket& socket, tcp::resolver& resolver, const Address& address) {
    auto found = co_await resolver.async_resolve(address.host, address.port, asio::use_awaitable);
    co_await asio::async_connect(socket, found, asio::use_awaitable);
    socket.set_option(tcp::no_delay(true));
    socket.set_option(asio::socket_base::keep_alive(true));
}

class Plain final : public Opening {
public:
    explicit Plain(const asio::any_io_executor& executor)
        : resolver_(executor), socket_(executor) {}

    Task<void> connect(Address address) override {
        co_await connect_to(socket_, resolver_, address);
    }
    Task<std::size_t> read(std::span<char> into) override {
        co_return co_await socket_.async_read_some(
            asio::buffer(into.data(), into.size()), asio::use_awaitable
        );
    }
    Task<void> write(std::string_view bytes) override {
        co_await asio::async_write(
            socket_, asio::buffer(bytes.data(), bytes.size()), asio::use_awaitable
        );
    }
    void close() override {
        boost::system::error_code ignored;
        resolver_.cancel();
        socket_.close(ignored);
    }

private:
    tcp::resolver resolver_;
    tcp::socket socket_;
};

asio::ssl::context trusting(const std::string& authorities) {
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.set_options(
        asio::ssl::context::no_sslv2 | asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
        asio::ssl::context::no_tlsv1_1
    );
    if (authorities.empty()) {
        context.set_default_verify_paths();
    } else {
        context.load_verify_file(authorities);
    }
    context.set_verify_mode(asio::ssl::verify_peer);
    return context;
}

class Sealed final : public Opening {
public:
    Sealed(const asio::any_io_executor& executor, const std::string& authorities)
        : context_(trusting(authorities)), resolver_(executor), stream_(executor, context_) {}

    Task<void> connect(Address address) override {
        stream_.set_verify_callback(asio::ssl::host_name_verification(address.host));
        SSL_set_tlsext_host_name(stream_.native_handle(), address.host.c_str());
        co_await connect_to(stream_.next_layer(), resolver_, address);
        co_await stream_.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    }
    Task<std::size_t> read(std::span<char> into) override {
        co_return co_await stream_.async_read_some(
            asio::buffer(into.data(), into.size()), asio::use_awaitable
        );
    }
    Task<void> write(std::string_view bytes) override {
        co_await asio::async_write(
            stream_, asio::buffer(bytes.data(), bytes.size()), asio::use_awaitable
        );
    }
    void close() override {
        boost::system::error_code ignored;
        resolver_.cancel();
        stream_.next_layer().close(ignored);
    }

private:
    asio::ssl::context context_;
    tcp::resolver resolver_;
    asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace

Task<void> open_stream(
    asio::any_io_executor executor, Address address, std::string authorities,
    std::shared_ptr<Stream>& opened
) {
    std::shared_ptr<Opening> stream;
    if (address.tls) {
        stream = std::make_shared<Sealed>(executor, authorities);
    } else {
        stream = std::make_shared<Plain>(executor);
    }
    opened = stream;
    co_await stream->connect(std::move(address));
}

}  // namespace afterresume::redis
