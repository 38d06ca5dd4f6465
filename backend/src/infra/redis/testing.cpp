#include "infra/redis/testing.h"

#include "core/id.h"
#include "core/testing.h"

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace afterresume::redis {

namespace {

using boost::asio::ip::tcp;

constexpr auto program = "/usr/bin/redis-server";

// Below the ports that outgoing connections get: one that tries such a port while nobody listens
// may meet itself, and the server then finds its place taken.
int free_port() {
    boost::asio::io_context io;
    for (;;) {
        std::array<std::uint8_t, 2> dice{};
        random_bytes(dice.data(), dice.size());
        auto port = 10'000 + (dice[0] * 256 + dice[1]) % 20'000;
        tcp::acceptor probe(io, tcp::v4());
        boost::system::error_code taken;
        probe.bind(
            {boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)}, taken
        );
        if (!taken) return port;
    }
}

}  // namespace

bool TestServer::installed() { return std::filesystem::exists(program); }

TestServer::TestServer(std::vector<std::string> configuration, bool tls)
    : configuration_(std::move(configuration)),
      tls_(tls),
      folder_(std::filesystem::temp_directory_path() / ("ar_redis_" + Uuid::random().text())),
      port_(free_port()) {
    std::filesystem::create_directories(folder_);
    if (tls) make_certificate(folder_);
    start();
}

void TestServer::start() {
    auto file = folder_ / "redis.conf";
    std::ofstream out(file);
    out << fmt::format("bind 127.0.0.1\nsave \"\"\nappendonly no\ndir {}\n", folder_.string());
    if (tls_) {
        out << fmt::format(
            "port 0\ntls-port {}\ntls-cert-file cert.pem\ntls-key-file key.pem\n"
            "tls-ca-cert-file cert.pem\ntls-auth-clients no\n",
            port_
        );
    } else {
        out << fmt::format("port {}\n", port_);
    }
    for (const auto& line : configuration_) out << line << '\n';
    out.close();
    process_ = ::fork();
    if (process_ == 0) {
        // It ends with the test, however that ends.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        int silence = ::open("/dev/null", O_WRONLY);
        ::dup2(silence, STDOUT_FILENO);
        ::dup2(silence, STDERR_FILENO);
        ::execl(program, program, file.c_str(), static_cast<char*>(nullptr));
        ::_exit(127);
    }
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!answers()) {
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error("redis-server does not start");
        std::this_thread::yield();
    }
}

bool TestServer::answers() const {
    boost::asio::io_context io;
    tcp::socket socket(io);
    boost::system::error_code error;
    socket.connect(
        {boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port_)}, error
    );
    return !error;
}

Options TestServer::options() const {
    Options options;
    options.address.host = tls_ ? "localhost" : "127.0.0.1";
    options.address.port = std::to_string(port_);
    options.address.tls = tls_;
    if (tls_) options.authorities = (folder_ / "cert.pem").string();
    return options;
}

void TestServer::kill() {
    if (process_ == 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
}

void TestServer::stop() {
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

}  // namespace afterresume::redis
