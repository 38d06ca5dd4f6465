// The commands about the audit trail: clients of the API.
#include "app/client.h"
#include "app/commands.h"

#include <fmt/format.h>
#include <boost/json/value.hpp>

namespace afterresume::app {

namespace {

std::string name_of(const JsonObject& chain) {
    auto tenant = chain.at("tenant_id").as_int64();
    return tenant == 0 ? "operators" : fmt::format("tenant {}", tenant);
}

void tell_chain(const JsonObject& chain) {
    for (const auto& fault : chain.at("faults").as_array()) {
        const auto& place = fault.as_object().at("place");
        fmt::print(
            "{}  {:<8}  record {}  place {}\n", name_of(chain), text_of(fault, "tampering"),
            text_of(fault, "record"), place.is_int64() ? std::to_string(place.as_int64()) : "-"
        );
    }
}

}  // namespace

int verify_audit(const Common& common) {
    auto client = connect(checked_settings(), common.email);
    auto reply = client->call("GET", "/system/audit/verify/");
    auto json = reply.json();
    const auto& trail = json.as_object();
    const auto& broken = trail.at("broken").as_array();
    if (common.json) {
        fmt::print("{}\n", reply.body);
        return broken.empty() ? 0 : 1;
    }
    for (const auto& chain : broken) tell_chain(chain.as_object());
    fmt::print(
        "{} records in {} chains, {} of them broken. The operators' chain ends with {}.\n",
        trail.at("sealed").as_int64(), trail.at("chains").as_int64(), broken.size(),
        text_of(json, "head")
    );
    return broken.empty() ? 0 : 1;
}

}  // namespace afterresume::app
