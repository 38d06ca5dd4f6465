// The commands of daily use: all of them are clients of the API.
#include "app/client.h"
#include "app/commands.h"
#include "app/keys.h"
#include "core/text.h"
#include "embedded/demo.h"
#include "features/worklog/entry_import.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <unistd.h>

#include <fstream>
#include <iostream>

namespace afterresume::app {

namespace {

constexpr std::size_t bulk_size = 500;

// A line that is drawn over and over while a person waits; nothing where a program reads.
class Progress {
public:
    Progress(std::string what, bool quiet)
        : what_(std::move(what)), shown_(!quiet && ::isatty(STDERR_FILENO) != 0) {}
    ~Progress() {
        if (shown_) fmt::print(stderr, "\r\x1b[K");
    }
    void show(std::size_t done, std::size_t all) {
        if (!shown_) return;
        constexpr std::size_t width = 30;
        auto filled = all == 0 ? width : done * width / all;
        fmt::print(
            stderr, "\r{} [{}{}] {}/{} ", what_, std::string(filled, '='),
            std::string(width - filled, ' '), done, all
        );
    }

private:
    std::string what_;
    bool shown_;
};

void set_if(JsonObject& object, std::string_view key, const std::string& value) {
    if (!value.empty()) object[key] = value;
}

std::int64_t number(const Json& object, std::string_view key) {
    return object.as_object().at(key).as_int64();
}

struct Written {
    std::int64_t created = 0;
    std::int64_t duplicates = 0;
    std::vector<std::string> refused;
};

Written write_all(Client& client, const std::vector<Json>& drafts, Progress& progress) {
    Written out;
    for (std::size_t from = 0; from < drafts.size(); from += bulk_size) {
        auto to = std::min(from + bulk_size, drafts.size());
        boost::json::array items(
            drafts.begin() + static_cast<std::ptrdiff_t>(from),
            drafts.begin() + static_cast<std::ptrdiff_t>(to)
        );
        auto reply = client
                         .call(
                             "POST", "/api/worklogs/bulk/",
                             boost::json::serialize(JsonObject{{"items", std::move(items)}})
                         )
                         .json();
        out.created += number(reply, "created");
        out.duplicates += number(reply, "duplicates");
        for (const auto& item : reply.as_object().at("items").as_array()) {
            if (number(item, "status") != 422) continue;
            const auto& error = item.as_object().at("error").as_object();
            std::string sentence = fmt::format(
                "entry {}:", static_cast<std::int64_t>(from) + number(item, "index") + 1
            );
            for (const auto& field : error.at("fields").as_array())
                sentence += fmt::format(" {};", std::string_view(field.as_string()));
            out.refused.push_back(std::move(sentence));
        }
        progress.show(to, drafts.size());
    }
    return out;
}

int tell(const Written& written, bool json) {
    if (json) {
        boost::json::array refused(written.refused.begin(), written.refused.end());
        fmt::print(
            "{}\n", boost::json::serialize(JsonObject{
                        {"created", written.created},
                        {"duplicates", written.duplicates},
                        {"refused", refused}
                    })
        );
    } else {
        fmt::print(
            "{} entries written down, {} known already, {} refused.\n", written.created,
            written.duplicates, written.refused.size()
        );
        for (const auto& sentence : written.refused) fmt::print(stderr, "  {}\n", sentence);
    }
    return written.refused.empty() ? 0 : 1;
}

std::string format_of(const Output& output, std::string_view otherwise) {
    if (auto dot = output.out.rfind('.'); dot != std::string::npos && output.format == "md")
        return output.out.substr(dot + 1);
    return output.format.empty() ? std::string(otherwise) : output.format;
}

void save(const std::string& content, const std::string& file) {
    if (file.empty() || file == "-") {
        std::cout << content;
        return;
    }
    std::ofstream out(file, std::ios::binary);
    out << content;
    if (!out)
        throw Error(
            ErrorKind::unavailable, "client.unwritable", fmt::format("{} cannot be written.", file)
        );
    fmt::print("Saved as {}.\n", file);
}

int finish_report(
    Client& client, const Common& common, const std::string& job_id, const Output& output,
    const std::string& format
) {
    Progress progress("Writing", common.json);
    auto job = client.wait_for(job_id, [&](const Json& state) {
        progress.show(static_cast<std::size_t>(number(state, "progress")), 100);
    });
    const auto& result = job.as_object().at("result");
    if (common.json) {
        fmt::print("{}\n", boost::json::serialize(result));
        return 0;
    }
    auto path = fmt::format(
        "/api/reports/{}/export/?format={}&theme={}", number(result, "report_id"), format,
        output.theme
    );
    save(client.call("GET", path).body, output.out);
    return 0;
}

std::string job_of(const Reply& reply) {
    return std::string(reply.json().as_object().at("job_id").as_string());
}

std::string_view demo_file(std::string_view name) {
    for (const auto& file : embedded::demo()) {
        if (file.name == name) return file.text;
    }
    throw std::logic_error("the demo lacks a file");
}

}  // namespace

int write_entry(const Common& common, const NewEntry& entry) {
    auto client = connect(checked_settings(), common.email);
    JsonObject body{{"content", entry.text}, {"source", "cli"}};
    set_if(body, "title", entry.title);
    set_if(body, "outcome", entry.outcome);
    set_if(body, "project", entry.project);
    set_if(body, "occurred_on", entry.date);
    if (!entry.tags.empty())
        body["tags"] = boost::json::array(entry.tags.begin(), entry.tags.end());
    auto reply = client->call("POST", "/api/worklogs/", boost::json::serialize(body));
    client->settle();
    return print(reply, common.json, [](const Json& written) {
        fmt::print(
            "Written down for {} as entry {}.\n", text_of(written, "occurred_on"),
            number(written, "id")
        );
    });
}

int import_file(const Common& common, const std::string& file) {
    auto text = read_file(file);
    if (!text)
        throw Error(
            ErrorKind::invalid, "import.unreadable", fmt::format("{} cannot be read.", file)
        );
    auto drafts = worklog::read_entries(*text, worklog::kind_of_file(file));
    auto client = connect(checked_settings(), common.email);
    for (auto& draft : drafts) draft.as_object()["source"] = "import";
    Written written;
    {
        Progress progress("Writing down", common.json);
        written = write_all(*client, drafts, progress);
    }
    client->settle();
    return tell(written, common.json);
}

int seed_demo(const Common& common) {
    auto client = connect(checked_settings(), common.email);
    client->call("PUT", "/api/profile/resume-json/", std::string(demo_file("profile.json")));
    // The demo counts its days back from a Friday, so that its working days are some.
    auto today = std::chrono::floor<std::chrono::days>(SystemClock().now());
    auto friday = LocalDate(today - (std::chrono::weekday(today) - std::chrono::Friday));
    std::vector<Json> drafts;
    auto lines = demo_file("entries.jsonl");
    while (!lines.empty()) {
        auto end = std::min(lines.find('\n'), lines.size());
        auto line = trim(lines.substr(0, end));
        lines.remove_prefix(std::min(end + 1, lines.size()));
        if (line.empty()) continue;
        auto draft = describe::parse_json(line).as_object();
        auto days_ago = static_cast<int>(draft.at("days_ago").as_int64());
        draft.erase("days_ago");
        draft["occurred_on"] = friday.plus_days(-days_ago).text();
        draft["external_id"] = fmt::format("demo-{}", drafts.size() + 1);
        draft["source"] = "import";
        drafts.emplace_back(std::move(draft));
    }
    Written written;
    {
        Progress progress("Writing down", common.json);
        written = write_all(*client, drafts, progress);
    }
    client->settle();
    return tell(written, common.json);
}

int make_report(const Common& common, const Output& output) {
    auto client = connect(checked_settings(), common.email);
    JsonObject body{{"kind", output.kind}};
    set_if(body, "from", output.from);
    set_if(body, "to", output.to);
    client->settle();
    auto job = job_of(client->call("POST", "/api/reports/generate/", boost::json::serialize(body)));
    return finish_report(*client, common, job, output, format_of(output, "md"));
}

int make_resume(const Common& common, const Output& output) {
    auto client = connect(checked_settings(), common.email);
    client->settle();
    auto job = job_of(client->call("POST", "/api/resume/refresh/"));
    return finish_report(*client, common, job, output, format_of(output, "pdf"));
}

}  // namespace afterresume::app
