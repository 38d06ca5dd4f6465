#include "api/fixed_headers.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace afterresume::api {

namespace {

// What reaches for a person's devices, place or money (W3C, Permissions Policy, "Standardized
// Features"). Names that browsers do not know are left out: each would be an error in their
// consoles, with every answer.
constexpr auto features = std::to_array<std::string_view>({
    "accelerometer",
    "ambient-light-sensor",
    "autoplay",
    "bluetooth",
    "camera",
    "compute-pressure",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "web-share",
    "window-management",
    "xr-spatial-tracking",
});

}  // namespace

std::string fixed_headers(bool production) {
    auto out = fmt::format(
        "Content-Security-Policy: default-src 'self'; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'\r\n"
        "X-Frame-Options: DENY\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Referrer-Policy: strict-origin-when-cross-origin\r\n"
        "Permissions-Policy: {}=()\r\n"
        "X-XSS-Protection: 1; mode=block\r\n",
        fmt::join(features, "=(), ")
    );
    if (production)
        out += "Strict-Transport-Security: max-age=63072000; includeSubDomains; preload\r\n";
    return out;
}

}  // namespace afterresume::api
