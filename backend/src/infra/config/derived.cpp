// What several settings say together.
#include "infra/config/load.h"

#include <fmt/format.h>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

namespace afterresume::config {

namespace {

const std::set<std::string> loopback{"localhost", "127.0.0.1", "[::1]"};
const std::set<std::string> everywhere{"0.0.0.0", "[::]"};

// As it stands in a URL and in a Host header.
std::string host_of(const Settings& settings) {
    auto bare_ipv6 = settings.host.find(':') != std::string::npos && settings.host.front() != '[';
    return bare_ipv6 ? fmt::format("[{}]", settings.host) : settings.host;
}

}  // namespace

std::string public_url(const Settings& settings, std::int64_t port) {
    auto url = settings.public_url;
    while (url.ends_with('/')) url.pop_back();
    if (!url.empty()) return url;
    auto host = host_of(settings);
    if (loopback.contains(host) || everywhere.contains(host)) host = "localhost";
    return fmt::format("http://{}:{}", host, port);
}

std::string email_from(const Settings& settings) {
    if (!settings.email_from.empty()) return settings.email_from;
    auto text = public_url(settings, settings.port);
    auto url = boost::urls::parse_uri(text);
    return fmt::format("AfterResume <no-reply@{}>", url ? url->encoded_host() : "localhost");
}

std::set<std::string> allowed_hosts(const Settings& settings) {
    std::set<std::string> hosts(settings.allowed_hosts.begin(), settings.allowed_hosts.end());
    if (!hosts.empty()) return hosts;
    hosts = loopback;
    hosts.insert(host_of(settings));
    auto text = public_url(settings, settings.port);
    if (auto url = boost::urls::parse_uri(text)) hosts.insert(std::string(url->encoded_host()));
    return hosts;
}

DatabaseTarget database_target(const Settings& settings) {
    DatabaseTarget target;
    target.url = settings.database_url;
    if (target.url.empty() && !settings.postgres_host.empty()) {
        boost::urls::url url("postgres://");
        url.set_host(settings.postgres_host)
            .set_port_number(static_cast<std::uint16_t>(settings.postgres_port));
        url.set_user(settings.postgres_user.empty() ? "postgres" : settings.postgres_user);
        if (!settings.postgres_password.empty()) url.set_password(settings.postgres_password);
        url.set_path(
            "/" + (settings.postgres_db.empty() ? std::string("afterresume") : settings.postgres_db)
        );
        target.url = std::string(url.buffer());
    }
    if (target.url.starts_with("sqlite:///")) {
        target.file = target.url.substr(std::string_view("sqlite://").size());
        return target;
    }
    target.postgres = !target.url.empty();
    if (!target.postgres) target.file = std::filesystem::path(settings.data_dir) / "afterresume.db";
    target.owner_url =
        settings.database_owner_url.empty() ? target.url : settings.database_owner_url;
    return target;
}

}  // namespace afterresume::config
