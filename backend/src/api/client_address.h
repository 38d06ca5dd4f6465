// Whose address counts as the client's: the peer's, or what a trusted proxy says of it.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace afterresume::api {

// CIDR networks.
class Networks {
public:
    // Throws Error(invalid), which names the setting, for anything that is none.
    Networks(const std::vector<std::string>& networks, std::string_view setting);

    bool empty() const { return networks_.empty(); }
    // An IPv4 address may be written as a mapped one.
    bool contain(std::string_view address) const;

private:
    struct Network {
        boost::asio::ip::address_v6::bytes_type prefix;
        unsigned bits;
    };
    std::vector<Network> networks_;
};

class TrustedProxies {
public:
    explicit TrustedProxies(const std::vector<std::string>& networks)
        : networks_(networks, "TRUSTED_PROXIES") {}

    // Walks X-Forwarded-For (all of its fields, joined) from the right past trusted proxies.
    std::string client_of(std::string_view peer, std::string_view forwarded_for) const;

private:
    Networks networks_;
};

// What is counted as one client: IPv6 addresses are known by their /64.
std::string client_key(std::string_view address);

}  // namespace afterresume::api
