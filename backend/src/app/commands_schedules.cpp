// The commands about schedules: clients of the API, as all of daily use.
#include "app/client.h"
#include "app/commands.h"
#include "core/describe/reader.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace afterresume::app {

namespace {

std::int64_t id_of(const Json& schedule) { return schedule.as_object().at("id").as_int64(); }

Json all_of(Client& client) {
    return client.call("GET", "/api/schedules/?page_size=100").json().as_object().at("items");
}

// By its id or its name.
std::string path_of(Client& client, const std::string& which) {
    auto all = all_of(client);
    for (const auto& schedule : all.as_array()) {
        if (which == std::to_string(id_of(schedule)) || which == text_of(schedule, "name"))
            return fmt::format("/api/schedules/{}/", id_of(schedule));
    }
    throw Error(
        ErrorKind::invalid, "schedules.unknown", fmt::format("There is no schedule {}.", which)
    );
}

void tell_schedule(const Json& schedule) {
    bool enabled = schedule.as_object().at("enabled").as_bool();
    fmt::print(
        "{:<8} {:<24} {:<18} {:<20} {:<20} {}\n", id_of(schedule), text_of(schedule, "name"),
        text_of(schedule, "job_type"), text_of(schedule, "cron"), text_of(schedule, "time_zone"),
        enabled ? "next " + text_of(schedule, "next_run_at") : "paused"
    );
}

// What was given; the API knows what is to be without it, and what there is not.
JsonObject body_of(const WantedSchedule& wanted) {
    JsonObject body;
    for (const auto& [key, value] :
         {std::pair{"name", wanted.name}, std::pair{"job_type", wanted.type},
          std::pair{"cron", wanted.cron}, std::pair{"time_zone", wanted.time_zone},
          std::pair{"missed", wanted.missed}, std::pair{"overlap", wanted.overlap}}) {
        if (!value.empty()) body[key] = value;
    }
    if (!wanted.payload.empty()) body["payload"] = describe::parse_json(wanted.payload);
    if (wanted.enabled) body["enabled"] = *wanted.enabled;
    return body;
}

}  // namespace

int list_schedules(const Common& common) {
    auto client = connect(checked_settings(), common.email);
    auto all = all_of(*client);
    if (common.json) {
        fmt::print("{}\n", boost::json::serialize(all));
        return 0;
    }
    for (const auto& schedule : all.as_array()) tell_schedule(schedule);
    if (all.as_array().empty()) fmt::print("There are no schedules.\n");
    return 0;
}

int add_schedule(const Common& common, const WantedSchedule& wanted) {
    auto body = boost::json::serialize(body_of(wanted));
    auto client = connect(checked_settings(), common.email);
    return print(client->call("POST", "/api/schedules/", body), common.json, tell_schedule);
}

int show_schedule(const Common& common, const std::string& which) {
    auto client = connect(checked_settings(), common.email);
    auto path = path_of(*client, which);
    auto schedule = client->call("GET", path);
    auto history = client->call("GET", path + "history/").json().as_object().at("items");
    if (common.json) {
        auto whole = schedule.json();
        whole.as_object()["history"] = history;
        fmt::print("{}\n", boost::json::serialize(whole));
        return 0;
    }
    tell_schedule(schedule.json());
    for (const auto& decision : history.as_array()) {
        fmt::print(
            "  {}  {:<8} {}\n", text_of(decision, "slot"), text_of(decision, "outcome"),
            text_of(decision, "job_id")
        );
    }
    return 0;
}

int act_on_schedule(const Common& common, const std::string& which, const std::string& act) {
    auto client = connect(checked_settings(), common.email);
    auto reply = client->call("POST", path_of(*client, which) + act + "/");
    if (act != "run") return print(reply, common.json, tell_schedule);
    client->settle();
    return print(reply, common.json, [](const Json& begun) {
        fmt::print("Began the job {}.\n", text_of(begun, "job_id"));
    });
}

int edit_schedule(const Common& common, const std::string& which, const WantedSchedule& wanted) {
    auto body = body_of(wanted);
    if (body.empty())
        throw Error(ErrorKind::invalid, "schedules.no_change", "Say what is to change.");
    auto client = connect(checked_settings(), common.email);
    auto reply = client->call("PATCH", path_of(*client, which), boost::json::serialize(body));
    return print(reply, common.json, tell_schedule);
}

int remove_schedule(const Common& common, const std::string& which) {
    auto client = connect(checked_settings(), common.email);
    client->call("DELETE", path_of(*client, which));
    if (!common.json) fmt::print("Removed.\n");
    return 0;
}

int clean_up(const Common& common) {
    auto client = connect(checked_settings(), common.email);
    auto all = client->call("GET", "/system/schedules/?page_size=100").json();
    const auto& schedules = all.as_object().at("items").as_array();
    auto found = std::ranges::find(schedules, "maintenance.cleanup", [](const Json& schedule) {
        return text_of(schedule, "job_type");
    });
    if (found == schedules.end())
        throw Error(
            ErrorKind::conflict, "client.no_cleanup", "The server does not clean up by a schedule."
        );
    auto path = fmt::format("/system/schedules/{}/run/", id_of(*found));
    auto begun = client->call("POST", path).json();
    auto job = client->wait_for(text_of(begun, "id"), {}, "/system/jobs/");
    client->settle();
    if (common.json) {
        fmt::print("{}\n", boost::json::serialize(job));
    } else {
        fmt::print("Cleaned up by the job {}.\n", text_of(job, "id"));
    }
    return 0;
}

}  // namespace afterresume::app
