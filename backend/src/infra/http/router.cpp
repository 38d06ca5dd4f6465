#include "infra/http/router.h"

#include "core/text.h"

#include <boost/url/pct_string_view.hpp>

#include <stdexcept>

namespace afterresume::http {

namespace {

// Calls `visit` with each segment between slashes; a final slash adds none.
template <class Visit>
bool each_segment(std::string_view path, Visit visit) {
    if (path.empty() || path.front() != '/') return false;
    path.remove_prefix(1);
    while (!path.empty()) {
        auto slash = std::min(path.find('/'), path.size());
        if (!visit(path.substr(0, slash))) return false;
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return true;
}

std::optional<std::string> decoded(std::string_view segment) {
    if (segment.find('%') == std::string_view::npos) return std::string(segment);
    auto view = boost::urls::make_pct_string_view(segment);
    if (!view) return std::nullopt;
    std::string out = view->decode();
    if (!is_utf8(out) || out.find('\0') != std::string::npos) return std::nullopt;
    return out;
}

}  // namespace

Router::Router(Routes routes) : routes_(std::move(routes)) {
    for (const auto& route : routes_) add(route);
}

void Router::add(const Route& route) {
    auto* node = &root_;
    each_segment(route.pattern, [&](std::string_view segment) {
        auto& next = segment.front() == '{' ? node->open : node->fixed[std::string(segment)];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
        return true;
    });
    if (!node->methods.emplace(route.method, &route).second)
        throw std::logic_error("two routes are " + route.method + " " + route.pattern);
}

const Router::Node* Router::walk(std::string_view path, std::vector<std::string>& open_parts)
    const {
    const auto* node = &root_;
    auto whole = each_segment(path, [&](std::string_view segment) {
        if (auto fixed = node->fixed.find(segment); fixed != node->fixed.end()) {
            node = fixed->second.get();
            return true;
        }
        auto part = node->open && !segment.empty() ? decoded(segment) : std::nullopt;
        if (!part) return false;
        open_parts.push_back(std::move(*part));
        node = node->open.get();
        return true;
    });
    return whole ? node : nullptr;
}

Found Router::find(std::string_view method, std::string_view path) const {
    Found found;
    const auto* node = walk(path, found.path);
    if (node == nullptr) return found;
    auto wanted = node->methods.find(method == "HEAD" ? std::string_view("GET") : method);
    if (wanted != node->methods.end()) {
        found.route = wanted->second;
        return found;
    }
    for (const auto& [name, route] : node->methods) {
        found.allowed.push_back(name);
        if (name == "GET") found.allowed.emplace_back("HEAD");
    }
    if (!found.allowed.empty()) found.allowed.emplace_back("OPTIONS");
    return found;
}

}  // namespace afterresume::http
