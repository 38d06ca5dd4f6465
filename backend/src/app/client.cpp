#include "app/client.h"

#include "app/client_local.h"
#include "app/client_remote.h"
#include "app/local_access.h"

#include <boost/json/value.hpp>

#include <algorithm>

namespace afterresume::app {

namespace {

Error problem_of(const Reply& reply) {
    std::string code = "client.failed";
    std::string sentence = fmt::format("The server answered {}.", reply.status);
    try {
        auto json = reply.json();
        const auto& object = json.as_object();
        code = text_of(json, "code", "");
        sentence = text_of(json, "detail", "");
        if (const auto* errors = object.if_contains("errors")) {
            for (const auto& error : errors->as_array()) {
                sentence += fmt::format(
                    "\n  {} {}", text_of(error, "pointer", ""), text_of(error, "message", "")
                );
            }
        }
    } catch (const std::exception&) {
        return Error(ErrorKind::upstream, code, sentence);
    }
    return Error(ErrorKind::invalid, code, sentence);
}

}  // namespace

std::string text_of(const Json& object, std::string_view key, std::string_view otherwise) {
    const auto* found = object.as_object().if_contains(key);
    return std::string(
        found != nullptr && found->is_string() ? std::string_view(found->as_string()) : otherwise
    );
}

int print(const Reply& reply, bool json, void (*tell)(const Json& answer)) {
    if (json) {
        fmt::print("{}\n", reply.body);
    } else {
        tell(reply.json());
    }
    return 0;
}

Reply Client::call(const std::string& method, const std::string& path, const std::string& body) {
    auto reply = send(method, path, body);
    if (reply.status < 200 || reply.status > 299) throw problem_of(reply);
    return reply;
}

Json Client::wait_for(
    const std::string& job_id, const std::function<void(const Json&)>& watch, std::string_view jobs
) {
    while (true) {
        auto job = call("GET", fmt::format("{}{}/", jobs, job_id)).json();
        if (watch) watch(job);
        auto status = text_of(job, "status", "");
        if (status == "success") return job;
        if (status == "failed" || status == "cancelled") {
            // Operators are told its code alone.
            const auto* error = job.as_object().if_contains("error");
            auto code = text_of(job, "error_code", "job." + status);
            throw Error(
                ErrorKind::internal, "client.job_failed",
                error != nullptr && error->is_object()
                    ? text_of(*error, "message", "")
                    : fmt::format("The job was {} ({}).", status, code)
            );
        }
        if (status == "queued" && is_in_maintenance()) {
            throw Error(
                ErrorKind::unavailable, "system.maintenance",
                "No job is begun while this is being maintained; the job waits."
            );
        }
        pause();
    }
}

bool Client::is_in_maintenance() {
    auto reply = send("GET", "/system/flags/", "");
    if (reply.status != 200) return false;
    auto answer = reply.json();
    const auto& flags = answer.as_object();
    auto always = [](const Json& flag) { return flag == "maintenance"; };
    auto for_all = [](const Json& one) {
        return text_of(one, "flag") == "maintenance" && one.as_object().at("on").as_bool() &&
               one.as_object().at("tenant_id").is_null();
    };
    return std::ranges::any_of(flags.at("always_on").as_array(), always) ||
           std::ranges::any_of(flags.at("items").as_array(), for_all);
}

std::unique_ptr<Client> connect(const config::Settings& settings, const std::string& email) {
    if (auto server = find_local_server(settings)) return make_remote_client(*server, email);
    return make_local_client(settings, email);
}

}  // namespace afterresume::app
