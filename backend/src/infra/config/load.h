// Settings from the environment and a .env file, read once at start; every problem is found before
// any is told.
#pragma once

#include "infra/config/settings.h"

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace afterresume::config {

using Variables = std::map<std::string, std::string>;

struct Problem {
    std::string variable;
    std::string wrong;
    std::string right;

    bool operator==(const Problem&) const = default;
};

struct Loaded {
    Settings settings;
    std::vector<Problem> problems;
};

// `environment` wins over `file`. X_FILE names a file that holds X.
Loaded load(const Variables& environment, const Variables& file);
// KEY=value lines with # comments and optional quotes. Adds a problem for each line that is
// neither.
Variables read_env_file(const std::filesystem::path& path, std::vector<Problem>& problems);
// The process's own environment.
Variables process_environment();

// The environment variable of a field: its name in capitals.
std::string variable_of(std::string_view field);

// One row per setting, for --print-status, .env.example and docs/configuration.md.
struct Entry {
    std::string variable;
    std::string value;
    std::string standard;
    std::string meaning;
    bool is_secret = false;
};
// Secrets read "(set)" or "(not set)".
std::vector<Entry> entries(const Settings& settings);
std::string env_example();
std::string configuration_markdown();

// PUBLIC_URL without a slash at its end; when it is empty, what HOST and `port` make of it:
// localhost for loopback and for every address at once.
std::string public_url(const Settings& settings, std::int64_t port);
// EMAIL_FROM; when it is empty, no-reply at the host of PUBLIC_URL.
std::string email_from(const Settings& settings);
// ALLOWED_HOSTS; when it is empty, the host of PUBLIC_URL, HOST and loopback.
std::set<std::string> allowed_hosts(const Settings& settings);

// The database that the settings name: a postgres:// URL, or the path of a SQLite file.
struct DatabaseTarget {
    bool postgres = false;
    std::string url;
    std::string owner_url;
    std::filesystem::path file;
};
DatabaseTarget database_target(const Settings& settings);

}  // namespace afterresume::config
