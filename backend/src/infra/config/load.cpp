#include "infra/config/load.h"

#include "core/describe/reader.h"

#include <algorithm>
#include <fstream>
#include <sstream>

extern char** environ;

namespace afterresume::config {

namespace {

std::string_view trimmed(std::string_view text) {
    auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// What is wrong with the text, or nothing.
std::string read(std::string_view text, std::string& out) {
    out = text;
    return {};
}

std::string read(std::string_view text, bool& out) {
    if (text == "true" || text == "1" || text == "yes" || text == "on") {
        out = true;
    } else if (text == "false" || text == "0" || text == "no" || text == "off" || text.empty()) {
        out = false;
    } else {
        return "true or false";
    }
    return {};
}

std::string read(std::string_view text, std::int64_t& out) {
    try {
        std::size_t used = 0;
        out = std::stoll(std::string(text), &used);
        if (used == text.size()) return {};
    } catch (const std::exception&) {
        return "a whole number";
    }
    return "a whole number";
}

std::string read(std::string_view text, std::vector<std::string>& out) {
    out.clear();
    for (std::size_t from = 0; from <= text.size();) {
        auto comma = std::min(text.find(',', from), text.size());
        auto item = trimmed(text.substr(from, comma - from));
        if (!item.empty()) out.emplace_back(item);
        from = comma + 1;
    }
    return {};
}

std::string read(std::string_view text, Rate& out) {
    auto rate = Rate::parse(text);
    if (!rate) return "a rate like 50/s:200 (count per s, m or h, then the burst)";
    out = *rate;
    return {};
}

template <describe::described_enum E>
std::string read(std::string_view text, E& out) {
    if (auto found = describe::enum_named<E>(text)) {
        out = *found;
        return {};
    }
    std::string allowed;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto descriptor) {
        allowed += allowed.empty() ? "" : " or ";
        allowed += descriptor.name;
    });
    return allowed;
}

// The value of X, directly or from the file that X_FILE names.
std::optional<std::string> value_of(
    const std::string& variable, const Variables& variables, std::vector<Problem>& problems
) {
    if (auto found = variables.find(variable); found != variables.end()) return found->second;
    auto file = variables.find(variable + "_FILE");
    if (file == variables.end()) return std::nullopt;
    std::ifstream in(file->second);
    std::stringstream content;
    content << in.rdbuf();
    if (!in) {
        problems.push_back(
            {variable + "_FILE", "the file cannot be read",
             "the path of a readable file that holds " + variable}
        );
        return std::nullopt;
    }
    auto text = content.str();
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    return text;
}

void check_keys(const Settings& settings, std::vector<Problem>& problems) {
    auto production = settings.environment == Environment::production;
    if (production && settings.secret_key.empty())
        problems.push_back({"SECRET_KEY", "is missing", "at least 32 random characters"});
    if (production && settings.encryption_key.empty())
        problems.push_back(
            {"ENCRYPTION_KEY", "is missing", "at least 32 random characters, not SECRET_KEY"}
        );
    if (!settings.secret_key.empty() && settings.secret_key.size() < 32)
        problems.push_back({"SECRET_KEY", "is too short", "at least 32 random characters"});
    auto brief = [](const std::string& key) { return key.size() < 32; };
    if (std::ranges::any_of(settings.secret_key_previous, brief))
        problems.push_back(
            {"SECRET_KEY_PREVIOUS", "holds one that is too short", "keys that were SECRET_KEY"}
        );
    if (!settings.encryption_key.empty() && settings.encryption_key == settings.secret_key) {
        problems.push_back({"ENCRYPTION_KEY", "equals SECRET_KEY", "a key of its own"});
    }
    const auto& service = settings.service_to_service_secret;
    if (production && service.empty() && !settings.skip_service_auth)
        problems.push_back(
            {"SERVICE_TO_SERVICE_SECRET", "is missing",
             "at least 32 random characters, or SKIP_SERVICE_AUTH=true"}
        );
    if (!service.empty() && service.size() < 32)
        problems.push_back(
            {"SERVICE_TO_SERVICE_SECRET", "is too short", "at least 32 random characters"}
        );
    if (!service.empty() &&
        (service == settings.secret_key || service == settings.encryption_key)) {
        problems.push_back(
            {"SERVICE_TO_SERVICE_SECRET", "equals another key", "a secret of its own"}
        );
    }
}

void check_together(const Settings& settings, std::vector<Problem>& problems) {
    check_keys(settings, problems);
    auto production = settings.environment == Environment::production;
    if (production && !settings.public_url.starts_with("https://"))
        problems.push_back({"PUBLIC_URL", "is not https", "the https:// address of this service"});
    if (production && !settings.email_host.empty() && !settings.email_use_tls)
        problems.push_back({"EMAIL_USE_TLS", "is off", "true: mails hold links that open accounts"}
        );
    const auto& url = settings.database_url;
    auto known = url.empty() || url.starts_with("postgres://") ||
                 url.starts_with("postgresql://") || url.starts_with("sqlite:///");
    if (!known)
        problems.push_back(
            {"DATABASE_URL", "is of no known kind",
             "postgres://user:password@host:5432/name or sqlite:///path"}
        );
}

}  // namespace

Loaded load(const Variables& environment, const Variables& file) {
    auto variables = environment;
    variables.insert(file.begin(), file.end());
    Loaded loaded;
    describe::for_each_member<Settings>([&](std::string_view name, auto pointer) {
        auto variable = variable_of(name);
        auto text = value_of(variable, variables, loaded.problems);
        if (!text) return;
        auto& field = loaded.settings.*pointer;
        if (auto right = read(*text, field); !right.empty()) {
            loaded.problems.push_back({variable, "is not understood", right});
            return;
        }
        describe::visit_note(pointer, [&](const auto& note) {
            auto check = [&]<class Limit>(Limit limit) {
                if constexpr (!std::is_same_v<Limit, secret>) {
                    // What is empty is not given.
                    if (text->empty()) return;
                    describe::Findings findings;
                    describe::check_limit(field, limit, variable, findings);
                    for (const auto& found : findings.all())
                        loaded.problems.push_back({variable, "is out of bounds", found.message});
                }
            };
            std::apply([&](auto... limits) { (check(limits), ...); }, note.limits);
        });
    });
    check_together(loaded.settings, loaded.problems);
    return loaded;
}

Variables read_env_file(const std::filesystem::path& path, std::vector<Problem>& problems) {
    Variables out;
    std::ifstream in(path);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        auto text = trimmed(line);
        if (text.empty() || text.front() == '#') continue;
        auto equals = text.find('=');
        if (equals == std::string_view::npos || equals == 0) {
            problems.push_back(
                {path.filename().string(), fmt::format("line {} is no setting", number),
                 "NAME=value, or a # comment"}
            );
            continue;
        }
        auto value = trimmed(text.substr(equals + 1));
        if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
            value.back() == value.front())
            value = value.substr(1, value.size() - 2);
        out.emplace(trimmed(text.substr(0, equals)), value);
    }
    return out;
}

Variables process_environment() {
    Variables out;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        std::string_view text(*entry);
        auto equals = text.find('=');
        if (equals != std::string_view::npos)
            out.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return out;
}

}  // namespace afterresume::config
