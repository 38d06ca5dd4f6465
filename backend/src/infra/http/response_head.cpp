#include "infra/http/response_head.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>

namespace afterresume::http {

namespace {

// Below, the gain is lost in one packet; above, it would hold up everybody else for milliseconds.
constexpr std::size_t smallest_compressed = 1024;
constexpr std::size_t largest_compressed = 1 << 20;

std::string_view reason(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 206:
            return "Partial Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 402:
            return "Payment Required";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 421:
            return "Misdirected Request";
        case 422:
            return "Unprocessable Content";
        case 428:
            return "Precondition Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        case 507:
            return "Insufficient Storage";
        default:
            return "";
    }
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
    into.append(common_lines).append("\r\n");
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
