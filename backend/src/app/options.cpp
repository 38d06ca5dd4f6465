#include "app/options.h"

#include "app/keys.h"
#include "infra/config/load.h"

#include <fmt/format.h>

namespace afterresume::app {

namespace {

api::Limit limit_of(const config::Rate& rate) {
    return {
        static_cast<double>(rate.count) / static_cast<double>(rate.seconds),
        static_cast<double>(rate.burst)
    };
}

}  // namespace

observability::Level level_of(config::LogLevel level) {
    return static_cast<observability::Level>(level);
}
observability::LogFormat format_of(config::LogFormat format) {
    return static_cast<observability::LogFormat>(format);
}

accounts::Keys keys_of(const config::Settings& settings, const std::string& secret) {
    return {
        signing_keys(settings, secret, "access token"),
        config::public_url(settings, settings.port),
    };
}

accounts::Rules rules_of(const config::Settings& settings) {
    using accounts::SignUpMode;
    // What lies in the outbox reaches nobody who could sign up by it.
    auto open = settings.email_host.empty() ? SignUpMode::open : SignUpMode::by_mail;
    return {
        settings.signup_mode == config::SignupMode::open ? open : SignUpMode::invite,
        settings.staff_mfa_required
    };
}

api::Limits limits_of(const config::Settings& settings) {
    return {
        limit_of(settings.rate_limit_user),
        limit_of(settings.rate_limit_tenant),
        limit_of(settings.rate_limit_ip),
        limit_of(settings.rate_limit_login),
    };
}

api::Borders borders_of(const config::Settings& settings) {
    auto trusted = api::origins_of("CSRF_TRUSTED_ORIGINS", settings.csrf_trusted_origins);
    return {
        config::allowed_hosts(settings),
        api::TrustedProxies(settings.trusted_proxies),
        api::Networks(settings.admin_ip_allowlist, "ADMIN_IP_ALLOWLIST"),
        api::Pages(config::public_url(settings, settings.port), trusted),
        api::CrossOrigin(settings.cors_allowed_origins, trusted),
    };
}

std::vector<std::string> service_secrets(const config::Settings& settings) {
    if (settings.service_to_service_secret.empty() || settings.skip_service_auth) return {};
    std::vector<std::string> all{settings.service_to_service_secret};
    const auto& former = settings.service_to_service_secret_previous;
    all.insert(all.end(), former.begin(), former.end());
    return all;
}

std::vector<system::Flag> always_on(const config::Settings& settings) {
    std::vector<system::Flag> flags;
    if (settings.maintenance_mode) flags.push_back(system::Flag::maintenance);
    if (settings.disable_sharing) flags.push_back(system::Flag::disable_sharing);
    return flags;
}

workers::Options worker_options(const config::Settings& settings) {
    workers::Options options;
    options.concurrency = static_cast<std::size_t>(settings.worker_concurrency);
    for (const auto& name : settings.worker_queues) {
        auto queue = describe::enum_named<jobs::QueueName>(name);
        if (!queue)
            throw Error(
                ErrorKind::invalid, "config.invalid",
                fmt::format("WORKER_QUEUES: there is no queue {}.", name)
            );
        options.queues.push_back(*queue);
    }
    return options;
}

}  // namespace afterresume::app
