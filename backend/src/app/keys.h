// The program's secrets: from the settings, or made once and kept in the data folder.
#pragma once

#include "infra/config/settings.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace afterresume::app {

// Makes DATA_DIR (0700) if need be. Throws Error(unavailable, "app.data_dir") when it cannot be
// used.
std::filesystem::path data_dir(const config::Settings& settings);
// SECRET_KEY, or what DATA_DIR/secret.key holds; made on first use, mode 0600.
std::string secret_key(const config::Settings& settings);

// What is signed for a purpose is so with these, the newest first: of the secret, and of
// SECRET_KEY_PREVIOUS.
std::vector<std::string> signing_keys(
    const config::Settings& settings, const std::string& secret, std::string_view purpose
);
// What things are sealed for.
inline constexpr std::string_view for_second_factors = "second factors";
inline constexpr std::string_view for_exports = "tenant exports";
inline constexpr std::string_view for_jobs = "job payloads";
// What is sealed in the database for a purpose is so with these, the newest first: of
// ENCRYPTION_KEY, or of the secret and its former ones when there is none, and of
// ENCRYPTION_KEYS_PREVIOUS.
std::vector<std::string> sealing_keys(
    const config::Settings& settings, const std::string& secret, std::string_view purpose
);

// A small file only its owner reads, replaced as a whole.
void write_private_file(const std::filesystem::path& path, const std::string& text);
std::optional<std::string> read_file(const std::filesystem::path& path);

}  // namespace afterresume::app
