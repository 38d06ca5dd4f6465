#include "app/local_access.h"

#include "app/keys.h"
#include "core/describe/reader.h"
#include "core/describe/writer.h"
#include "infra/crypto/crypto.h"

#include <unistd.h>

#include <csignal>

namespace afterresume::app {

namespace {

std::filesystem::path file_of(const config::Settings& settings) {
    return std::filesystem::path(settings.data_dir) / "run.json";
}

}  // namespace

LocalAccess::LocalAccess(const config::Settings& settings, const std::string& address)
    : file_(file_of(settings)), server_{address, crypto::random_token(), ::getpid()} {
    write_private_file(file_, describe::to_json(server_));
}

LocalAccess::~LocalAccess() {
    std::error_code gone;
    std::filesystem::remove(file_, gone);
}

std::optional<LocalServer> find_local_server(const config::Settings& settings) {
    auto text = read_file(file_of(settings));
    if (!text) return std::nullopt;
    try {
        auto server = describe::parse<LocalServer>(*text);
        if (::kill(static_cast<pid_t>(server.pid), 0) == 0) return server;
    } catch (const Error&) {
        return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace afterresume::app
