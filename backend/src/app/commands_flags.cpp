// The commands about flags: clients of the API, for those who operate the installation.
#include "app/client.h"
#include "app/commands.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace afterresume::app {

namespace {

void tell_flags(const Json& answer) {
    const auto& object = answer.as_object();
    for (const auto& flag : object.at("always_on").as_array())
        fmt::print("{:<16} on   by the settings\n", std::string_view(flag.as_string()));
    for (const auto& one : object.at("items").as_array()) {
        const auto& tenant = one.as_object().at("tenant_id");
        fmt::print(
            "{:<16} {:<4} {:<16} since {}\n", text_of(one, "flag"),
            one.as_object().at("on").as_bool() ? "on" : "off",
            tenant.is_null() ? "for all" : fmt::format("for {}", tenant.as_int64()),
            text_of(one, "set_at")
        );
    }
}

}  // namespace

int list_flags(const Common& common) {
    auto client = connect(checked_settings(), common.email);
    return print(client->call("GET", "/system/flags/"), common.json, tell_flags);
}

int switch_flag(
    const Common& common, const std::string& flag, bool on, std::optional<std::int64_t> tenant
) {
    JsonObject body{{"flag", flag}, {"on", on}};
    if (tenant) body["tenant_id"] = *tenant;
    auto client = connect(checked_settings(), common.email);
    auto reply = client->call("POST", "/system/flags/", boost::json::serialize(body));
    return print(reply, common.json, tell_flags);
}

}  // namespace afterresume::app
