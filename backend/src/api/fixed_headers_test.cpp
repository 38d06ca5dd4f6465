#include "api/fixed_headers.h"

#include <gmock/gmock.h>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>

#include <algorithm>
#include <set>
#include <vector>

namespace afterresume::api {
namespace {

std::string value_of(const std::string& name) {
    auto lines = fixed_headers(false);
    auto begin = lines.find("\r\n" + name + ": ") + name.size() + 4;
    return lines.substr(begin, lines.find("\r\n", begin) - begin);
}

TEST(FixedHeaders, DenyPagesWhatReachesForDevicesPlaceOrMoney) {
    std::vector<std::string> denied;
    auto policy = value_of("Permissions-Policy");
    boost::split(denied, policy, boost::is_any_of(","));

    std::set<std::string> names;
    for (auto feature : denied) {
        std::erase(feature, ' ');
        EXPECT_THAT(feature, testing::MatchesRegex("[a-z0-9-]+=\\(\\)"));
        EXPECT_TRUE(names.insert(feature.substr(0, feature.find('='))).second) << feature;
    }
    EXPECT_EQ(names.size(), 26U);
    EXPECT_THAT(
        names, testing::IsSupersetOf(
                   {"accelerometer", "bluetooth", "camera", "display-capture", "geolocation", "hid",
                    "idle-detection", "microphone", "midi", "payment", "screen-wake-lock", "serial",
                    "storage-access", "usb", "window-management", "xr-spatial-tracking"}
               )
    );
}

TEST(FixedHeaders, AskForEncryptionForGoodInProductionAlone) {
    EXPECT_THAT(
        fixed_headers(true),
        testing::EndsWith(
            "\r\nStrict-Transport-Security: max-age=63072000; includeSubDomains; preload\r\n"
        )
    );
    EXPECT_THAT(
        fixed_headers(false), testing::Not(testing::HasSubstr("Strict-Transport-Security"))
    );
}

}  // namespace
}  // namespace afterresume::api
