#include "core/testing.h"

#include <fmt/format.h>

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

}  // namespace afterresume
