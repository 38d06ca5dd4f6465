// The commands about jobs: clients of the API, as all of daily use.
#include "app/client.h"
#include "app/commands.h"
#include "core/describe/reader.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/url/url.hpp>

namespace afterresume::app {

namespace {

std::string path_of(const std::string& id) { return fmt::format("/api/jobs/{}/", id); }

void tell_job(const Json& job) {
    const auto& object = job.as_object();
    const auto& error = object.at("error");
    fmt::print(
        "{}  {:<9}  {:<18}  {}  {}\n", text_of(job, "id"), text_of(job, "status"),
        text_of(job, "type"), text_of(job, "created_at"),
        error.is_object() ? text_of(error, "message") : text_of(job, "progress_message", "")
    );
}

void tell_more(const Json& job, const Json& events) {
    tell_job(job);
    const auto& object = job.as_object();
    for (const auto* key : {"parents", "children"}) {
        for (const auto& other : object.at(key).as_array()) {
            fmt::print(
                "  {:<8} {}  {:<9}  {}\n", key, text_of(other, "id"), text_of(other, "status"),
                text_of(other, "type")
            );
        }
    }
    fmt::print(
        "  cost     {} micro-units, {} expected\n", object.at("cost").as_int64(),
        object.at("estimated_cost").as_int64()
    );
    for (const auto& step : object.at("steps").as_array()) {
        const auto* took = step.as_object().at("duration_ms").if_int64();
        fmt::print(
            "  step     {:<24} {:<11} {}\n", text_of(step, "name"), text_of(step, "status"),
            took == nullptr ? "" : fmt::format("{:>6} ms", *took)
        );
    }
    for (const auto& event : events.as_array()) {
        fmt::print(
            "  {}  {:<8} {}\n", text_of(event, "timestamp"), text_of(event, "level"),
            text_of(event, "message")
        );
    }
}

// The body of a batch that tries again what is wanted.
JsonObject redriving(const WantedJobs& wanted) {
    JsonObject body{{"op", "retry"}};
    if (!wanted.ids.empty()) {
        auto& ids = body["ids"].emplace_array();
        for (const auto& id : wanted.ids) ids.emplace_back(id);
        return body;
    }
    if (wanted.type.empty() && wanted.queue.empty() && wanted.code.empty() && !wanted.all)
        throw Error(
            ErrorKind::invalid, "jobs.none_named",
            "Name jobs, or give --type, --queue, --code or --all."
        );
    auto& filter = body["filter"].emplace_object();
    filter["status"] = wanted.status.empty() ? "failed" : wanted.status;
    if (!wanted.type.empty()) filter["type"] = wanted.type;
    if (!wanted.queue.empty()) filter["queue"] = wanted.queue;
    if (!wanted.code.empty()) filter["code"] = wanted.code;
    return body;
}

}  // namespace

int list_jobs(const Common& common, const WantedJobs& wanted) {
    boost::urls::url url("/api/jobs/?page_size=100");
    if (!wanted.status.empty()) url.params().append({"status", wanted.status});
    if (!wanted.type.empty()) url.params().append({"type", wanted.type});
    auto client = connect(checked_settings(), common.email);
    auto items = client->call("GET", std::string(url.buffer())).json().as_object().at("items");
    if (common.json) {
        fmt::print("{}\n", boost::json::serialize(items));
        return 0;
    }
    for (const auto& job : items.as_array()) tell_job(job);
    if (items.as_array().empty()) fmt::print("There are no such jobs.\n");
    return 0;
}

int show_job(const Common& common, const std::string& id) {
    auto client = connect(checked_settings(), common.email);
    auto job = client->call("GET", path_of(id)).json();
    auto events = client->call("GET", path_of(id) + "events/").json().as_object().at("items");
    if (common.json) {
        job.as_object()["events"] = events;
        fmt::print("{}\n", boost::json::serialize(job));
    } else {
        tell_more(job, events);
    }
    return 0;
}

int cancel_job(const Common& common, const std::string& id, bool descendants) {
    auto client = connect(checked_settings(), common.email);
    auto reply = client->call(
        "POST", path_of(id) + "cancel/",
        boost::json::serialize(JsonObject{{"descendants", descendants}})
    );
    return print(reply, common.json, [](const Json& job) {
        auto over = text_of(job, "status") == "cancelled";
        fmt::print("{}\n", over ? "Cancelled." : "Asked to stop.");
    });
}

int retry_job(const Common& common, const std::string& id) {
    auto client = connect(checked_settings(), common.email);
    auto reply = client->call("POST", path_of(id) + "retry/");
    client->settle();
    fmt::print("{}\n", common.json ? reply.body : "To be tried again.");
    return 0;
}

int redrive_jobs(const Common& common, const WantedJobs& wanted) {
    auto body = boost::json::serialize(redriving(wanted));
    auto client = connect(checked_settings(), common.email);
    std::int64_t tried = 0;
    boost::json::array refused;
    for (bool more = true; more;) {
        auto result = client->call("POST", "/api/jobs/batch/", body).json().as_object();
        auto succeeded = result.at("succeeded").as_int64();
        tried += succeeded;
        for (auto& item : result.at("items").as_array()) {
            if (item.as_object().at("error").is_object()) refused.push_back(item);
        }
        more = result.at("more").as_bool() && succeeded > 0;
    }
    client->settle();
    if (common.json) {
        JsonObject summary{{"succeeded", tried}, {"refused", refused}};
        fmt::print("{}\n", boost::json::serialize(summary));
    } else {
        fmt::print("{} to be tried again.\n", tried);
        for (const auto& item : refused)
            fmt::print(
                "{}  {}\n", text_of(item, "id"), text_of(item.as_object().at("error"), "message")
            );
    }
    return refused.empty() ? 0 : 1;
}

int check_jobs(const Common& common) {
    auto client = connect(checked_settings(), common.email);
    auto reply = client->call("GET", "/api/jobs/check/");
    auto violations = reply.json().as_object().at("violations");
    const auto& list = violations.as_array();
    auto broken = list.empty() ? 0 : 1;
    if (common.json) {
        fmt::print("{}\n", reply.body);
        return broken;
    }
    for (const auto& found : list) {
        fmt::print(
            "{:<4} {}: not so for {}\n", text_of(found, "invariant"), text_of(found, "sentence"),
            text_of(found, "subject")
        );
    }
    if (list.empty()) fmt::print("Every promise is kept.\n");
    return broken;
}

}  // namespace afterresume::app
