// The commands about queues: clients of the API, for those who operate the installation.
#include "app/client.h"
#include "app/commands.h"

#include <boost/json/value.hpp>

namespace afterresume::app {

namespace {

void tell_queues(const Json& answer) {
    for (const auto& queue : answer.as_object().at("items").as_array()) {
        const auto& object = queue.as_object();
        auto number = [&](std::string_view state) { return object.at(state).as_int64(); };
        fmt::print(
            "{:<12} {:<7} {:>7} ready {:>7} running {:>7} later   oldest ready {}\n",
            text_of(queue, "name"), object.at("paused").as_bool() ? "paused" : "open",
            number("ready"), number("running"),
            number("blocked") + number("scheduled") + number("waiting"),
            text_of(queue, "oldest_ready")
        );
    }
}

}  // namespace

int list_queues(const Common& common) {
    auto client = connect(checked_settings(), common.email);
    return print(client->call("GET", "/system/queues/"), common.json, tell_queues);
}

int change_queue(const Common& common, const std::string& queue, const std::string& what) {
    auto client = connect(checked_settings(), common.email);
    auto path = fmt::format("/system/queues/{}/{}/", queue, what);
    return print(client->call("POST", path), common.json, tell_queues);
}

}  // namespace afterresume::app
