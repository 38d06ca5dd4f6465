#include "infra/qr/qr.h"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>
#include <stdexcept>

namespace afterresume::qr {

namespace {

constexpr int quiet_zone = 4;

struct Free {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

std::string svg_of(const std::string& text) {
    std::unique_ptr<QRcode, Free> code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M));
    if (!code) throw std::length_error("a QR code does not hold that much");
    std::string path;
    for (int y = 0; y < code->width; ++y) {
        for (int x = 0; x < code->width; ++x) {
            auto module = code->data[y * code->width + x];
            if ((module & 1) != 0)
                path += fmt::format("M{} {}h1v1h-1z", x + quiet_zone, y + quiet_zone);
        }
    }
    auto size = code->width + 2 * quiet_zone;
    return fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" shape-rendering="crispEdges">)"
        R"(<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path d="{1}"/></svg>)",
        size, path
    );
}

}  // namespace afterresume::qr
