#include "core/describe/reader.h"

#include "core/text.h"

#include <boost/json/serialize.hpp>
#include <boost/json/stream_parser.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>

namespace afterresume::describe {

namespace {

constexpr std::int64_t largest_id = (std::int64_t{1} << 53) - 1;
constexpr std::size_t most_findings = 50;

// Deliberately loose (RFC 5321 allows far more than anyone checks): the proof of an address is mail
// to it.
bool looks_like_email(std::string_view text) {
    auto at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
    auto host = text.substr(at + 1);
    auto bad = [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == ',' || c == ';';
    };
    return !host.empty() && host.front() != '.' && host.back() != '.' &&
           std::none_of(text.begin(), text.end(), bad);
}

bool has_format(const std::string& value, std::string_view name) {
    if (name == "email") return looks_like_email(value);
    if (name == "time-zone") return is_time_zone(value);
    auto parsed = boost::urls::parse_uri(value);
    return parsed.has_value() && (parsed->scheme() == "http" || parsed->scheme() == "https" ||
                                  parsed->scheme() == "mailto");
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

void Findings::add(const std::string& pointer, std::string message) {
    if (errors_.size() < most_findings) errors_.push_back({pointer, std::move(message)});
}

std::string text_of(const Json& json) { return boost::json::serialize(json); }

std::string child_pointer(const std::string& parent, std::string_view key) {
    std::string out = parent + '/';
    for (char c : key) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
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
    if (out.find('\0') != std::string::npos)
        return findings.add(at, "must not hold the character U+0000");
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

void check(const std::string& value, length limit, const std::string& at, Findings& findings) {
    auto size = code_points(value);
    if (size >= limit.min && size <= limit.max) return;
    if (size < limit.min && limit.min == 1) return findings.add(at, "must not be empty");
    findings.add(
        at, fmt::format("must have {} to {} characters, not {}", limit.min, limit.max, size)
    );
}

void check(const std::string& value, format limit, const std::string& at, Findings& findings) {
    if (has_format(value, limit.name)) return;
    if (limit.name == "email") return findings.add(at, "must be an e-mail address");
    if (limit.name == "time-zone")
        return findings.add(at, "must be an IANA time zone like Europe/Berlin");
    findings.add(at, "must be a http, https or mailto address");
}

void check(const std::string& value, one_of limit, const std::string& at, Findings& findings) {
    auto listed = fmt::format(", {}, ", limit.words);
    if (listed.find(fmt::format(", {}, ", value)) == std::string::npos)
        findings.add(at, fmt::format("must be one of {}", limit.words));
}

void check(std::int64_t value, range limit, const std::string& at, Findings& findings) {
    if (value < limit.min || value > limit.max)
        findings.add(at, fmt::format("must be from {} to {}", limit.min, limit.max));
}

void check(double value, range limit, const std::string& at, Findings& findings) {
    auto inside =
        value >= static_cast<double>(limit.min) && value <= static_cast<double>(limit.max);
    if (!inside) findings.add(at, fmt::format("must be from {} to {}", limit.min, limit.max));
}

void check_count(std::size_t size, count limit, const std::string& at, Findings& findings) {
    if (size < limit.min || size > limit.max) {
        findings.add(
            at, fmt::format("must have {} to {} items, not {}", limit.min, limit.max, size)
        );
    }
}

}  // namespace afterresume::describe
