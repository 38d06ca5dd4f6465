#include "api/client_address.h"

#include "core/error.h"

#include <gtest/gtest.h>

#include <set>

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

    EXPECT_EQ(client_key("2001:db8:1:2:aaaa::1"), client_key("2001:db8:1:2:bbbb::2"));
    EXPECT_NE(client_key("2001:db8:1:2::1"), client_key("2001:db8:1:3::1"));
    EXPECT_EQ(client_key("203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(proxies.client_of("2001:DB8:1:2:aaaa:0::1", ""), "2001:db8:1:2:aaaa::1");
    EXPECT_EQ(proxies.client_of("::ffff:203.0.113.9", ""), "203.0.113.9");
    EXPECT_EQ(proxies.client_of("::1", "203.0.113.9"), "203.0.113.9");
}

TEST(ClientAddress, IsReadInNoSpellingButItsOwn) {
    TrustedProxies proxies({"127.0.0.0/8"});

    for (const std::string text : {"203.0.113.9:443",   "[2001:db8::7]",
                                   "[2001:db8::7]:443", "\"203.0.113.9\"",
                                   "for=203.0.113.9",   "203.0.113.9;",
                                   "203.0.113.9/32",    "203.0.113.9 evil",
                                   "203.0.113.9.",      "203.0.113.9.5",
                                   "203.0.113",         "203.0.113.009",
                                   "0313.0.113.9",      "0xcb.0.113.9",
                                   "0xcb007109",        "3405803785",
                                   "-1.0.113.9",        "256.0.113.9",
                                   "2001:db8:::7",      "2001:db8::7::",
                                   "1:2:3:4:5:6:7:8:9", "::ffff:203.0.113",
                                   "unknown",           "_hidden",
                                   "localhost",         ","}) {
        EXPECT_EQ(proxies.client_of("127.0.0.1", text), "127.0.0.1") << text;
        EXPECT_EQ(proxies.client_of("127.0.0.1", "10.1.2.3, " + text), "127.0.0.1") << text;
        EXPECT_EQ(proxies.client_of("127.0.0.1", text + ", 198.51.100.7"), "198.51.100.7") << text;
    }
}

TEST(ClientAddress, IsOneHoweverItIsWrittenAndWhereverItGoesInItsNetwork) {
    TrustedProxies proxies({"127.0.0.0/8"});
    auto keys_of = [&](std::initializer_list<const char*> spellings) {
        std::set<std::string> keys;
        for (const auto* text : spellings)
            keys.insert(client_key(proxies.client_of("127.0.0.1", text)));
        return keys;
    };

    auto of_a_network = keys_of(
        {"2001:db8:1:2::1", "2001:DB8:1:2::ffff", "2001:0db8:0001:0002:0000:0000:0000:0001",
         "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::203.0.113.9", "2001:db8:1:2::1%1",
         "2001:db8:1:2::1%eth0", " 2001:db8:1:2:: "}
    );
    auto of_an_address = keys_of(
        {"203.0.113.9", "::ffff:203.0.113.9", "::FFFF:CB00:7109", "0:0:0:0:0:ffff:203.0.113.9",
         "0000:0000:0000:0000:0000:ffff:cb00:7109"}
    );

    EXPECT_EQ(of_a_network, std::set<std::string>{"2001:db8:1:2::/64"});
    EXPECT_EQ(of_an_address, std::set<std::string>{"203.0.113.9"});
}

TEST(ClientAddress, BelievesProxiesThatSpeakIpv6) {
    TrustedProxies proxies({"2001:db8:aa::/48"});

    EXPECT_EQ(proxies.client_of("2001:db8:aa:1::7", "203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(proxies.client_of("2001:db8:bb:1::7", "203.0.113.9"), "2001:db8:bb:1::7");
}

TEST(ClientAddress, IsInANetworkHoweverItIsWritten) {
    Networks networks({"203.0.113.0/24", "2001:db8::/32"}, "SETTING");

    for (const auto* address :
         {"203.0.113.9", "::ffff:203.0.113.9", "::FFFF:cb00:7109", "2001:db8::1",
          "2001:DB8:0::1%eth0"})
        EXPECT_TRUE(networks.contain(address)) << address;
    for (const auto* address :
         {"203.0.114.9", "2001:db9::1", "203.0.113.9.evil", "203.0.113.9, 1.2.3.4", "", "localhost"
         })
        EXPECT_FALSE(networks.contain(address)) << address;
}

TEST(ClientAddress, RefusesNetworksThatAreNone) {
    EXPECT_THROW(TrustedProxies({"10.0.0.0/33"}), Error);
    EXPECT_THROW(TrustedProxies({"10.0.0.0/8x"}), Error);
    EXPECT_THROW(TrustedProxies({"10.0.0.0/"}), Error);
    EXPECT_THROW(TrustedProxies({"proxy.example"}), Error);
}

}  // namespace
}  // namespace afterresume::api
