#include "core/describe/limits.h"

#include "core/clock.h"
#include "core/text.h"

#include <boost/url/parse.hpp>

#include <algorithm>

namespace afterresume::describe {

namespace {

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

void Findings::add(const std::string& pointer, std::string message) {
    if (errors_.size() < most_findings) errors_.push_back({pointer, std::move(message)});
}

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
