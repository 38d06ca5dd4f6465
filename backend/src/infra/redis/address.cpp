#include "infra/redis/address.h"

#include "core/error.h"

#include <boost/url/parse.hpp>

#include <charconv>

namespace afterresume::redis {

Address parse_address(const std::string& text) {
    Error wrong(
        ErrorKind::invalid, "redis.url",
        "The Redis URL cannot be read; it is redis://user:password@host:port/database, or "
        "rediss:// "
        "for TLS."
    );
    auto url = boost::urls::parse_uri(text);
    if (!url || url->encoded_host().empty()) throw wrong;
    Address address;
    address.tls = url->scheme() == "rediss";
    if (!address.tls && url->scheme() != "redis") throw wrong;
    address.host = url->host_type() == boost::urls::host_type::ipv6
                       ? std::string(url->host_ipv6_address().to_string())
                       : url->host();
    if (url->has_port()) address.port = std::string(url->port());
    address.user = url->user();
    address.password = url->password();
    auto path = url->path();
    if (path.size() > 1) {
        const auto* end = path.data() + path.size();
        auto [stop, problem] = std::from_chars(path.data() + 1, end, address.database);
        if (problem != std::errc() || stop != end || address.database < 0) throw wrong;
    }
    return address;
}

}  // namespace afterresume::redis
