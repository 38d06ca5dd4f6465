#include "infra/qr/qr.h"

#include <gmock/gmock.h>

#include <stdexcept>

namespace afterresume::qr {
namespace {

TEST(Qr, DrawsTheSmallestCodeForAShortText) {
    auto svg = svg_of("HELLO");

    // Version 1 has 21 modules a side, and four of quiet on each.
    EXPECT_THAT(svg, testing::HasSubstr(R"(viewBox="0 0 29 29")"));
    // The finder pattern in the upper left corner begins in the quiet zone's corner.
    EXPECT_THAT(svg, testing::HasSubstr("d=\"M4 4h1v1h-1zM5 4h1v1h-1z"));
}

TEST(Qr, RefusesMoreThanACodeHolds) {
    EXPECT_THROW(svg_of(std::string(5000, 'x')), std::length_error);
}

}  // namespace
}  // namespace afterresume::qr
