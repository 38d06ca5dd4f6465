#include "infra/http/response_head.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace afterresume::http {

namespace {

// Below, the gain is lost in one packet; above, it would hold up everybody else for milliseconds.
constexpr std::size_t smallest_compressed = 1024;
constexpr std::size_t largest_compressed = 1 << 20;

// RFC 9110 section 15, RFC 6585.
constexpr auto reasons = std::to_array<std::pair<int, std::string_view>>({
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
});

std::string_view reason(int status) {
    auto found =
        std::lower_bound(reasons.begin(), reasons.end(), status, [](const auto& row, int wanted) {
            return row.first < wanted;
        });
    return found != reasons.end() && found->first == status ? found->second : std::string_view();
}

void append_field(std::string& into, std::string_view name, std::string_view value) {
    constexpr std::string_view breaks{"\r\n\0", 3};
    if (name.find_first_of(breaks) != name.npos || value.find_first_of(breaks) != value.npos)
        return;
    into.append(name).append(": ").append(value).append("\r\n");
}

bool has_header(const Response& response, std::string_view name) {
    return std::ranges::any_of(response.headers, [&](const auto& field) {
        return same_name(field.first, name);
    });
}

// Those that the response does not say itself.
void append_others(std::string& into, const Response& response, std::string_view lines) {
    while (!lines.empty()) {
        auto line = lines.substr(0, std::min(lines.find('\n'), lines.size() - 1) + 1);
        if (!has_header(response, line.substr(0, line.find(':')))) into.append(line);
        lines.remove_prefix(line.size());
    }
}

}  // namespace

void append_head(
    std::string& into, const Response& response, const Framing& framing,
    std::string_view common_lines
) {
    if (response.status == 200) {
        into.append("HTTP/1.1 200 OK\r\n");
    } else {
        fmt::format_to(
            std::back_inserter(into), "HTTP/1.1 {} {}\r\n", response.status, reason(response.status)
        );
    }
    if (!response.content_type.empty()) append_field(into, "Content-Type", response.content_type);
    if (framing.chunked) {
        into.append("Transfer-Encoding: chunked\r\n");
    } else if (framing.length) {
        const fmt::format_int digits(*framing.length);
        into.append("Content-Length: ").append(digits.data(), digits.size()).append("\r\n");
    }
    for (const auto& [name, value] : response.headers) append_field(into, name, value);
    if (!framing.keep_alive) {
        into.append("Connection: close\r\n");
    } else if (framing.http_1_0) {
        into.append("Connection: keep-alive\r\n");
    }
    if (response.replaces_fixed) {
        append_others(into, response, common_lines);
    } else {
        into.append(common_lines);
    }
    into.append("\r\n");
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

void compress(Response& response, const Request& request, std::unique_ptr<Gzip>& gzip) {
    if (response.body.size() < smallest_compressed || response.body.size() > largest_compressed)
        return;
    if (response.compression == Compression::never || response.status == 206) return;
    if (!is_compressible(response.content_type) || has_header(response, "Content-Encoding")) return;
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (!accepts_gzip(request.header("Accept-Encoding"))) return;
    if (!gzip) gzip = std::make_unique<Gzip>();
    response.body = gzip->compress(response.body);
    response.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace afterresume::http
