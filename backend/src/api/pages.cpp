#include "api/pages.h"

#include "core/text.h"

#include <fmt/format.h>
#include <boost/algorithm/string/predicate.hpp>

namespace afterresume::api {

namespace {

bool is_json(std::string_view content_type) {
    auto type = trim(content_type.substr(0, content_type.find(';')));
    return boost::algorithm::iequals(type, "application/json");
}

Error foreign_page() {
    return Error(
        ErrorKind::forbidden, "request.foreign_page",
        "This was asked by a page of another origin than PUBLIC_URL; see CSRF_TRUSTED_ORIGINS."
    );
}

Error not_json() {
    return Error(ErrorKind::unsupported, "request.not_json", "The body must be application/json.");
}

}  // namespace

Pages::Pages(const std::string& public_url, Origins trusted)
    : scheme_(public_url.starts_with("https:") ? "https" : "http"), trusted_(std::move(trusted)) {
    trusted_.insert(origin_of(public_url));
}

bool Pages::is_ours(std::string_view origin, std::string_view host) const {
    return trusted_.contains(origin) ||
           (!host.empty() &&
            boost::algorithm::iequals(origin, fmt::format("{}://{}", scheme_, host)));
}

std::optional<Error> Pages::refusal(const http::Request& request, Sender sender) const {
    auto origin = request.headers.find("origin");
    auto site = request.headers.find("sec-fetch-site");
    if (request.headers.count("origin") > 1 || request.headers.count("sec-fetch-site") > 1)
        return foreign_page();
    if (!origin && !site && sender == Sender::browser) return foreign_page();
    if (origin && !is_ours(*origin, request.header("host"))) return foreign_page();
    if (site && *site != "same-origin" && !(origin && trusted_.contains(*origin)))
        return foreign_page();
    if (request.body.empty()) return std::nullopt;
    auto type = request.headers.find("content-type");
    if (type ? !is_json(*type) : sender == Sender::browser) return not_json();
    return std::nullopt;
}

}  // namespace afterresume::api
