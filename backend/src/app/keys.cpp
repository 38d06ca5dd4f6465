#include "app/keys.h"

#include "core/error.h"
#include "infra/crypto/crypto.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace afterresume::app {

namespace {

Error unusable(const std::filesystem::path& path, const std::string& why) {
    return Error(
        ErrorKind::unavailable, "app.data_dir",
        fmt::format("{} cannot be used: {}.", path.string(), why)
    );
}

std::vector<std::string> secrets_of(const config::Settings& settings, const std::string& secret) {
    std::vector<std::string> secrets{secret};
    std::ranges::copy(settings.secret_key_previous, std::back_inserter(secrets));
    return secrets;
}

std::vector<std::string> subkeys(
    const std::vector<std::string>& masters, std::string_view purpose
) {
    std::vector<std::string> keys;
    for (const auto& master : masters) keys.push_back(crypto::subkey(master, purpose));
    return keys;
}

}  // namespace

std::filesystem::path data_dir(const config::Settings& settings) {
    std::filesystem::path folder = settings.data_dir;
    std::error_code failure;
    auto made = std::filesystem::create_directories(folder, failure);
    if (failure) throw unusable(folder, failure.message());
    if (made) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failure);
    return folder;
}

void write_private_file(const std::filesystem::path& path, const std::string& text) {
    auto draft = path.string() + ".new";
    auto descriptor = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) throw unusable(path, std::generic_category().message(errno));
    auto written = ::write(descriptor, text.data(), text.size());
    auto synced = ::fsync(descriptor);
    ::close(descriptor);
    if (written != static_cast<ssize_t>(text.size()) || synced != 0)
        throw unusable(path, "it cannot be written");
    std::filesystem::rename(draft, path);
}

std::optional<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return std::nullopt;
    std::stringstream content;
    content << in.rdbuf();
    return content.str();
}

std::string secret_key(const config::Settings& settings) {
    if (!settings.secret_key.empty()) return settings.secret_key;
    auto file = data_dir(settings) / "secret.key";
    if (auto kept = read_file(file); kept && kept->size() >= 32) return *kept;
    auto made = crypto::random_token();
    write_private_file(file, made);
    return made;
}

std::vector<std::string> signing_keys(
    const config::Settings& settings, const std::string& secret, std::string_view purpose
) {
    return subkeys(secrets_of(settings, secret), purpose);
}

std::vector<std::string> sealing_keys(
    const config::Settings& settings, const std::string& secret, std::string_view purpose
) {
    auto masters = settings.encryption_key.empty() ? secrets_of(settings, secret)
                                                   : std::vector{settings.encryption_key};
    std::ranges::copy(settings.encryption_keys_previous, std::back_inserter(masters));
    return subkeys(masters, purpose);
}

}  // namespace afterresume::app
