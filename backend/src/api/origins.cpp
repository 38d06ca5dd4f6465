#include "api/origins.h"

#include "core/error.h"

#include <fmt/format.h>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/url/parse.hpp>

namespace afterresume::api {

std::string origin_of(std::string_view url) {
    auto parsed = boost::urls::parse_uri(url);
    if (!parsed || (parsed->scheme() != "http" && parsed->scheme() != "https") ||
        parsed->encoded_host().empty() || parsed->has_userinfo())
        return {};
    auto port = parsed->has_port() ? fmt::format(":{}", std::string_view(parsed->port())) : "";
    auto host = boost::algorithm::to_lower_copy(std::string(parsed->encoded_host()));
    return fmt::format("{}://{}{}", std::string_view(parsed->scheme()), host, port);
}

Origins origins_of(std::string_view setting, const std::vector<std::string>& texts) {
    Origins origins;
    for (const auto& text : texts) {
        auto origin = origin_of(text);
        auto bare = text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
        // A * would be the name of a host, and stand for none.
        if (origin.empty() || origin.find('*') != origin.npos ||
            !boost::algorithm::iequals(origin, bare)) {
            throw Error(
                ErrorKind::invalid, "config.invalid",
                fmt::format("{}: {} is no origin like https://admin.example.org.", setting, text)
            );
        }
        origins.insert(std::move(origin));
    }
    return origins;
}

}  // namespace afterresume::api
