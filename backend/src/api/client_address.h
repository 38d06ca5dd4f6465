// Whose address counts as the client's: the peer's, or what a trusted proxy says of it.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace afterresume::api {

class TrustedProxies {
public:
    // CIDR networks. Throws Error(invalid) for anything else.
    explicit TrustedProxies(const std::vector<std::string>& networks);

    bool trusts(std::string_view address) const;
    // Walks X-Forwarded-For from the right past trusted proxies. IPv6 clients are known by their
    // /64.
    std::string client_of(std::string_view peer, std::string_view forwarded_for) const;

private:
    struct Network {
        boost::asio::ip::address_v6::bytes_type prefix;
        unsigned bits;
    };
    std::vector<Network> networks_;
};

}  // namespace afterresume::api
