// How commands on the same machine reach the running server: DATA_DIR/run.json (0600) with its
// address and a token that only this run knows. Written while the server lives, removed when it
// ends.
#pragma once

#include "infra/config/settings.h"

#include <filesystem>
#include <optional>
#include <string>

namespace afterresume::app {

struct LocalServer {
    std::string address;
    std::string token;
    std::int64_t pid = 0;
};
BOOST_DESCRIBE_STRUCT(LocalServer, (), (address, token, pid))

class LocalAccess {
public:
    LocalAccess(const config::Settings& settings, const std::string& address);
    ~LocalAccess();
    LocalAccess(const LocalAccess&) = delete;
    LocalAccess& operator=(const LocalAccess&) = delete;

    const std::string& token() const { return server_.token; }

private:
    std::filesystem::path file_;
    LocalServer server_;
};

// The server of this data folder, if its process lives.
std::optional<LocalServer> find_local_server(const config::Settings& settings);

}  // namespace afterresume::app
