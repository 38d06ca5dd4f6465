#include "core/testing.h"

#include <boost/asio/executor_work_guard.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>

namespace afterresume {

void make_certificate(const std::filesystem::path& folder) {
    auto made = std::system(
        fmt::format(
            "cd {} && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
            "-keyout key.pem -out cert.pem -days 2 -subj /CN=localhost "
            "-addext subjectAltName=DNS:localhost >/dev/null 2>&1",
            folder.string()
        )
            .c_str()
    );
    if (made != 0) throw std::runtime_error("openssl makes no certificate");
}

void turn_until(boost::asio::io_context& io, const std::function<bool()>& done) {
    using namespace std::chrono_literals;
    auto guard = boost::asio::make_work_guard(io);
    io.restart();
    auto end = std::chrono::steady_clock::now() + 30s;
    while (!done() && std::chrono::steady_clock::now() < end) io.run_one_for(1s);
    ASSERT_TRUE(done());
}

}  // namespace afterresume
