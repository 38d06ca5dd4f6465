#include "infra/http/parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <limits>

namespace afterresume::http {

namespace {

namespace beast = boost::beast::http;

constexpr std::size_t max_fields = 100;

constexpr Refusal malformed{400, "http.malformed", "The request is not well-formed HTTP."};
constexpr Refusal ambiguous{
    400, "http.ambiguous_length", "The length of the body is stated in a way that can be misread."
};
constexpr Refusal bad_host{400, "http.bad_host", "Exactly one Host header is needed."};
constexpr Refusal bad_target{
    400, "http.bad_target", "The request target must be a path of printable ASCII characters."
};
constexpr Refusal bad_expectation{
    417, "http.expectation_failed", "Only the expectation 100-continue is understood."
};
constexpr Refusal old_version{505, "http.version", "Only HTTP/1.0 and HTTP/1.1 are spoken here."};
constexpr Refusal too_many_fields{
    431, "http.header_too_large", "The request has too many header fields."
};
constexpr Refusal too_large{
    413, "http.body_too_large", "The body is larger than this address accepts."
};

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

bool is_control(char letter) {
    const auto code = static_cast<unsigned char>(letter);
    return (code < 0x20 && letter != '\t') || code == 0x7f;
}

Refusal refusal_of(const boost::beast::error_code& failure, std::string_view head) {
    if (failure == beast::error::body_limit) return too_large;
    if (failure == beast::error::header_limit) return too_many_fields;
    const auto line = head.substr(0, head.find('\r'));
    const auto version = line.rfind(" HTTP/");
    const bool names_version =
        version != line.npos && line.size() == version + 9 && line[version + 7] == '.';
    if (failure == beast::error::bad_version && names_version) return old_version;
    return malformed;
}

}  // namespace

RequestParser::RequestParser(Request& into) : request_(into) {
    eager(true);
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(boost::none);
}

std::optional<Refusal> RequestParser::read_head(std::string_view head) {
    // Beast would join folded lines.
    if (head.find("\r\n ") != head.npos || head.find("\r\n\t") != head.npos) return malformed;
    Failure failure;
    const auto used = put(boost::asio::const_buffer(head.data(), head.size()), failure);
    if (failure) return refusal_of(failure, head);
    if (used != head.size() || !is_header_done()) return malformed;
    if (auto refusal = check_target()) return refusal;
    if (auto refusal = check_framing()) return refusal;
    if (auto expected = request_.headers.find("Expect"); expected && version_ >= 11) {
        if (!same_name(*expected, "100-continue")) return bad_expectation;
        expects_continue_ = !is_done();
    }
    request_.keep_alive = keep_alive();
    if (auto length = content_length()) request_.content_length = *length;
    return std::nullopt;
}

// RFC 9112, section 6. What it leaves to the recipient is refused: a client that means well sends
// none of it.
std::optional<Refusal> RequestParser::check_framing() const {
    const auto& headers = request_.headers;
    const auto lengths = headers.count("Content-Length");
    const auto encodings = headers.count("Transfer-Encoding");
    if (lengths + encodings > 1) return ambiguous;
    if (lengths == 1) {
        const auto length = headers.get("Content-Length");
        const auto digits =
            std::ranges::all_of(length, [](char c) { return c >= '0' && c <= '9'; });
        if (length.empty() || !digits) return ambiguous;
    }
    if (encodings == 1) {
        if (version_ < 11 || !same_name(headers.get("Transfer-Encoding"), "chunked"))
            return ambiguous;
    }
    const auto hosts = headers.count("Host");
    if (hosts > 1 || (hosts == 0 && version_ >= 11)) return bad_host;
    return std::nullopt;
}

std::optional<Refusal> RequestParser::check_target() const {
    const std::string_view target = request_.target;
    if (target == "*" && request_.method == "OPTIONS") return std::nullopt;
    const auto odd = [](char c) { return c <= 0x20 || c >= 0x7f || c == '#'; };
    if (!target.starts_with('/') || std::ranges::any_of(target, odd)) return bad_target;
    return std::nullopt;
}

std::optional<Refusal> RequestParser::limit_body(std::uint64_t bytes) {
    in_body_ = true;
    if (request_.content_length.value_or(0) > bytes) return too_large;
    body_limit(bytes);
    return std::nullopt;
}

std::optional<Refusal> RequestParser::read_body(std::string_view& input, std::string& into) {
    body_ = &into;
    // Beast 1.81 asserts that it sees this much of a last chunk; a whole one is never shorter.
    const std::size_t least = chunked() ? std::string_view("0\r\n\r\n").size() : 1;
    while (input.size() >= least && !is_done()) {
        Failure failure;
        const auto used = put(boost::asio::const_buffer(input.data(), input.size()), failure);
        input.remove_prefix(used);
        if (failure == beast::error::need_more) return std::nullopt;
        if (failure) return refusal_of(failure, {});
    }
    return std::nullopt;
}

void RequestParser::on_request_impl(
    beast::verb, Text method, Text target, int version, Failure& failure
) {
    request_.method.assign(method.data(), method.size());
    request_.set_target(view(target));
    version_ = version;
    failure = {};
}

void RequestParser::on_field_impl(beast::field, Text name, Text value, Failure& failure) {
    failure = {};
    // Trailers come here too. They were never promised to mean anything, so that none can forge a
    // header.
    if (in_body_) return;
    if (request_.headers.size() == max_fields) {
        failure = beast::error::header_limit;
        return;
    }
    request_.headers.add(view(name), view(value));
}

void RequestParser::on_header_impl(Failure& failure) { failure = {}; }

std::size_t RequestParser::on_body_impl(Text bytes, Failure& failure) {
    body_->append(bytes.data(), bytes.size());
    failure = {};
    return bytes.size();
}

// Extensions mean nothing here, but a line break inside of one ends the line for some and not for
// others.
void RequestParser::on_chunk_header_impl(std::uint64_t, Text extensions, Failure& failure) {
    failure = {};
    if (std::ranges::any_of(view(extensions), is_control))
        failure = beast::error::bad_chunk_extension;
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text bytes, Failure& failure) {
    return on_body_impl(bytes, failure);
}

}  // namespace afterresume::http
