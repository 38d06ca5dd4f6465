#include "api/client_address.h"

#include "core/error.h"

#include <gtest/gtest.h>

namespace afterresume::api {
namespace {

TEST(ClientAddress, BelievesAProxyOnlyWhenItIsTrusted) {
    TrustedProxies proxies({"127.0.0.0/8", "10.1.0.0/16"});

    EXPECT_EQ(proxies.client_of("127.0.0.1", "203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(proxies.client_of("198.51.100.7", "203.0.113.9"), "198.51.100.7");
    EXPECT_EQ(proxies.client_of("127.0.0.1", ""), "127.0.0.1");
}

TEST(ClientAddress, WalksFromTheRightPastTrustedProxies) {
    TrustedProxies proxies({"127.0.0.0/8", "10.1.0.0/16"});

    EXPECT_EQ(proxies.client_of("127.0.0.1", "6.6.6.6, 203.0.113.9, 10.1.2.3"), "203.0.113.9");
    EXPECT_EQ(proxies.client_of("127.0.0.1", "203.0.113.9, nonsense"), "127.0.0.1");
}

TEST(ClientAddress, KnowsIpv6ClientsByTheirNetwork) {
    TrustedProxies proxies({"::1/128"});

    EXPECT_EQ(
        proxies.client_of("2001:db8:1:2:aaaa::1", ""), proxies.client_of("2001:db8:1:2:bbbb::2", "")
    );
    EXPECT_NE(proxies.client_of("2001:db8:1:2::1", ""), proxies.client_of("2001:db8:1:3::1", ""));
    EXPECT_EQ(proxies.client_of("::ffff:203.0.113.9", ""), "203.0.113.9");
    EXPECT_EQ(proxies.client_of("::1", "203.0.113.9"), "203.0.113.9");
}

TEST(ClientAddress, RefusesNetworksThatAreNone) {
    EXPECT_THROW(TrustedProxies({"10.0.0.0/33"}), Error);
    EXPECT_THROW(TrustedProxies({"proxy.example"}), Error);
}

}  // namespace
}  // namespace afterresume::api
