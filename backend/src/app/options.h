// What the settings mean to the parts of the program.
#pragma once

#include "api/gateway.h"
#include "engine/workers/worker.h"
#include "features/accounts/sign_in.h"
#include "infra/config/settings.h"
#include "infra/observability/log.h"

namespace afterresume::app {

observability::Level level_of(config::LogLevel level);
observability::LogFormat format_of(config::LogFormat format);
accounts::Keys keys_of(const config::Settings& settings, const std::string& secret);
accounts::Rules rules_of(const config::Settings& settings);
api::Limits limits_of(const config::Settings& settings);
// Throws Error(invalid, "config.invalid") for a network that is none.
api::Borders borders_of(const config::Settings& settings);
// The present one first; none when tokens of the page's server are not wanted.
std::vector<std::string> service_secrets(const config::Settings& settings);
std::vector<system::Flag> always_on(const config::Settings& settings);
// Throws Error(invalid, "config.invalid") for a queue that there is not.
workers::Options worker_options(const config::Settings& settings);

}  // namespace afterresume::app
