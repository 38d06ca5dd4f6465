#include "api/etags.h"

#include <fmt/format.h>

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace afterresume::api {

namespace {

// 128 bits in hex: whoever made two bodies share them would fool a cache of their own alone.
std::string hash_of(std::string_view body) {
    auto hash = XXH3_128bits(body.data(), body.size());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::string* find_etag(http::Response& response) {
    auto found = std::ranges::find_if(response.headers, [](const auto& header) {
        return header.first == "ETag";
    });
    return found != response.headers.end() ? &found->second : nullptr;
}

// Files and what is streamed have the version alone, which they are made of.
std::string* give_etag(const http::Route& route, http::Response& response) {
    auto* given = find_etag(response);
    auto is_json = response.content_type == "application/json";
    if (response.stream || (given != nullptr && !is_json)) return given;
    if (given != nullptr) {
        given->insert(given->size() - 1, "-" + hash_of(response.body));
        return given;
    }
    if (!has_etag(route)) return nullptr;
    return &response.headers.emplace_back("ETag", '"' + hash_of(response.body) + '"').second;
}

bool was_seen(std::string_view seen, std::string_view etag) {
    return seen == "*" || seen.find(etag) != std::string_view::npos;
}

}  // namespace

bool has_etag(const http::Route& route) {
    return route.method == "GET" && !route.quiet && !route.strangers;
}

bool needs_match(const http::Route& route) {
    return route.method == "PATCH" || route.method == "PUT" || route.method == "DELETE";
}

void tell_version(
    const http::Request& request, const http::Route& route, http::Response& response
) {
    if (response.status != 200 && response.status != 201) return;
    const auto* etag = give_etag(route, response);
    auto seen = request.header("if-none-match");
    if (etag == nullptr || seen.empty() || !has_etag(route) || !was_seen(seen, *etag)) return;
    response.status = 304;
    response.body.clear();
    response.content_type.clear();
    response.stream = nullptr;
    response.stream_length.reset();
}

}  // namespace afterresume::api
