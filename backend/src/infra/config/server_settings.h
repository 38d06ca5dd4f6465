// Where the program is, and who may speak to it from where. Read as a part of Settings.
#pragma once

#include "core/describe/notes.h"
#include "infra/config/types.h"

#include <cstdint>
#include <string>
#include <vector>

namespace afterresume::config {

struct ServerSettings {
    Environment environment = Environment::development;
    std::string data_dir = "./data";
    std::string host = "127.0.0.1";
    std::int64_t port = 8000;
    std::string public_url;
    std::vector<std::string> allowed_hosts;
    std::vector<std::string> trusted_proxies = {"127.0.0.0/8", "::1/128"};
    std::vector<std::string> admin_ip_allowlist;
    std::vector<std::string> csrf_trusted_origins;
    std::vector<std::string> cors_allowed_origins;
};
BOOST_DESCRIBE_STRUCT(
    ServerSettings, (),
    (environment, data_dir, host, port, public_url, allowed_hosts, trusted_proxies,
     admin_ip_allowlist, csrf_trusted_origins, cors_allowed_origins)
)

constexpr auto notes(ServerSettings*) {
    using namespace describe;
    using S = ServerSettings;
    return std::tuple{
        note(
            &S::environment,
            "development or production; production insists on explicit keys and secure cookies"
        ),
        note(&S::data_dir, "Folder of the SQLite file, local storage and the generated secret"),
        note(&S::host, "Address to listen on"),
        note(&S::port, "Port to listen on; 0 takes a free one", range{0, 65535}),
        note(
            &S::public_url,
            "Where people reach the program; the only base of links. http://HOST:PORT when empty",
            format{"uri"}
        ),
        note(
            &S::allowed_hosts,
            "Accepted Host headers, comma separated; empty means the host of PUBLIC_URL, HOST and "
            "loopback"
        ),
        note(&S::trusted_proxies, "Networks whose X-Forwarded-For is believed, as CIDR"),
        note(
            &S::admin_ip_allowlist,
            "Networks from which /system, /api/admin and /metrics are there, as CIDR, comma "
            "separated; empty means all"
        ),
        note(
            &S::csrf_trusted_origins,
            "Other origins than PUBLIC_URL whose pages may have browsers sign in, refresh and "
            "operate by cookie, like https://admin.example.org, comma separated"
        ),
        note(
            &S::cors_allowed_origins,
            "Other origins whose pages may read answers below /api/, like "
            "https://page.example.org, comma separated; * for all. Cookies count for those alone "
            "that CSRF_TRUSTED_ORIGINS names too"
        ),
    };
}

}  // namespace afterresume::config
