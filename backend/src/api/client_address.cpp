#include "api/client_address.h"

#include "core/error.h"
#include "core/text.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace afterresume::api {

namespace {

using boost::asio::ip::address;
using boost::asio::ip::address_v6;

std::optional<address_v6> parse(std::string_view text) {
    boost::system::error_code failure;
    auto found = boost::asio::ip::make_address(std::string(text), failure);
    if (failure) return std::nullopt;
    return found.is_v4()
               ? boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped, found.to_v4())
               : found.to_v6();
}

bool matches(
    const address_v6::bytes_type& one, const address_v6::bytes_type& other, unsigned bits
) {
    for (unsigned i = 0; i < bits; ++i) {
        auto mask = static_cast<unsigned char>(0x80 >> (i % 8));
        if ((one[i / 8] & mask) != (other[i / 8] & mask)) return false;
    }
    return true;
}

std::string text_of(const address_v6& client) {
    if (client.is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, client).to_string();
    return address_v6(client.to_bytes()).to_string();
}

}  // namespace

Networks::Networks(const std::vector<std::string>& networks, std::string_view setting) {
    for (const auto& text : networks) {
        auto slash = text.find('/');
        auto prefix = parse(std::string_view(text).substr(0, slash));
        auto is_v4 = text.find(':') == std::string::npos;
        unsigned bits = is_v4 ? 32 : 128;
        bool is_number = true;
        if (slash != std::string::npos) {
            const auto* end = text.data() + text.size();
            auto read = std::from_chars(text.data() + slash + 1, end, bits);
            is_number = read.ec == std::errc() && read.ptr == end;
        }
        if (!prefix || !is_number || bits > (is_v4 ? 32U : 128U)) {
            throw Error(
                ErrorKind::invalid, "config.invalid",
                fmt::format("{}: {} is no network like 10.0.0.0/8.", setting, text)
            );
        }
        networks_.push_back({prefix->to_bytes(), is_v4 ? bits + 96 : bits});
    }
}

bool Networks::contain(std::string_view text) const {
    auto found = parse(text);
    if (!found) return false;
    for (const auto& network : networks_) {
        if (matches(found->to_bytes(), network.prefix, network.bits)) return true;
    }
    return false;
}

std::string TrustedProxies::client_of(std::string_view peer, std::string_view forwarded_for) const {
    auto client = parse(peer);
    if (!client) return std::string(peer);
    while (!forwarded_for.empty() && networks_.contain(text_of(*client))) {
        auto comma = forwarded_for.rfind(',');
        auto last =
            trim(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
        auto next = parse(last);
        if (!next) break;
        client = next;
        forwarded_for =
            comma == std::string_view::npos ? std::string_view() : forwarded_for.substr(0, comma);
    }
    return text_of(*client);
}

std::string client_key(std::string_view address) {
    auto client = parse(address);
    if (!client || client->is_v4_mapped() || client->is_loopback()) return std::string(address);
    auto bytes = client->to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return address_v6(bytes).to_string() + "/64";
}

}  // namespace afterresume::api
