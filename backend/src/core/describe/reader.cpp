#include "core/describe/reader.h"

#include "core/text.h"

#include <boost/json/serialize.hpp>
#include <boost/json/stream_parser.hpp>

namespace afterresume::describe {

namespace {

constexpr std::int64_t largest_id = (std::int64_t{1} << 53) - 1;
constexpr auto with_nul = "must not hold the character U+0000";

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

void find_nul(const Json& json, const std::string& at, Findings& findings) {
    if (const auto* text = json.if_string()) {
        if (has_nul({text->data(), text->size()})) findings.add(at, with_nul);
    } else if (const auto* list = json.if_array()) {
        for (std::size_t i = 0; i < list->size(); ++i)
            find_nul((*list)[i], fmt::format("{}/{}", at, i), findings);
    } else if (const auto* object = json.if_object()) {
        for (const auto& pair : *object) {
            if (has_nul(pair.key()))
                findings.add(at, "must not have a name with the character U+0000");
            find_nul(pair.value(), child_pointer(at, pair.key()), findings);
        }
    }
}

}  // namespace

Json parse_json(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = 64;
    boost::system::error_code failure;
    boost::json::stream_parser parser({}, options);
    auto used = parser.write_some(text.data(), text.size(), failure);
    if (!failure && used < text.size()) {
        auto rest = text.substr(used);
        if (rest.find_first_not_of(" \t\r\n") != std::string_view::npos)
            failure = boost::json::error::extra_data;
    }
    if (!failure) parser.finish(failure);
    if (failure) {
        throw Error(
            ErrorKind::malformed, "request.malformed_json",
            fmt::format("The body is not JSON: {} near byte {}.", failure.message(), used)
        );
    }
    return parser.release();
}

void read_value(const Json& json, Json& out, const std::string& at, Findings& findings) {
    find_nul(json, at, findings);
    out = json;
}

void read_value(const Json& json, JsonObject& out, const std::string& at, Findings& findings) {
    const auto* object = json.if_object();
    if (object == nullptr) return findings.add(at, "must be an object");
    find_nul(json, at, findings);
    out = *object;
}

void read_value(const Json& json, RawJson& out, const std::string& at, Findings& findings) {
    find_nul(json, at, findings);
    out.text = boost::json::serialize(json);
}

void read_value(const Json& json, bool& out, const std::string& at, Findings& findings) {
    if (const auto* value = json.if_bool()) {
        out = *value;
    } else {
        findings.add(at, "must be true or false");
    }
}

void read_value(const Json& json, std::int64_t& out, const std::string& at, Findings& findings) {
    if (const auto* value = json.if_int64()) {
        out = *value;
    } else {
        findings.add(at, "must be a whole number");
    }
}

void read_value(const Json& json, double& out, const std::string& at, Findings& findings) {
    boost::system::error_code failure;
    out = json.to_number<double>(failure);
    if (failure) findings.add(at, "must be a number");
}

void read_value(const Json& json, std::string& out, const std::string& at, Findings& findings) {
    const auto* text = json.if_string();
    if (text == nullptr) return findings.add(at, "must be a text");
    out.assign(text->data(), text->size());
    if (has_nul(out)) return findings.add(at, with_nul);
    out = to_nfc(std::move(out));
}

void read_value(const Json& json, LocalDate& out, const std::string& at, Findings& findings) {
    const auto* text = json.if_string();
    auto date = text != nullptr ? LocalDate::parse(std::string_view(text->data(), text->size()))
                                : std::nullopt;
    if (!date) return findings.add(at, "must be an existing date like 2026-03-01");
    out = *date;
}

void read_value(const Json& json, Timestamp& out, const std::string& at, Findings& findings) {
    const auto* text = json.if_string();
    auto time = text != nullptr ? parse_timestamp(std::string_view(text->data(), text->size()))
                                : std::nullopt;
    if (!time) return findings.add(at, "must be an instant like 2026-03-01T09:30:00Z");
    out = *time;
}

void read_value(const Json& json, Uuid& out, const std::string& at, Findings& findings) {
    const auto* text = json.if_string();
    auto id =
        text != nullptr ? Uuid::parse(std::string_view(text->data(), text->size())) : std::nullopt;
    if (!id) return findings.add(at, "must be a UUID");
    out = *id;
}

void read_id(const Json& json, std::int64_t& out, const std::string& at, Findings& findings) {
    const auto* value = json.if_int64();
    if (value == nullptr || *value < 1 || *value > largest_id)
        return findings.add(at, "must be an id");
    out = *value;
}

}  // namespace afterresume::describe
