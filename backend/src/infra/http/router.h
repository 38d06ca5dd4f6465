// Finds the route of a path. Patterns are segments, some of them {named} and open; a final slash
// may be left out.
#pragma once

#include "infra/http/route.h"

#include <map>
#include <memory>
#include <string_view>

namespace afterresume::http {

struct Found {
    const Route* route = nullptr;
    std::vector<std::string> path;
    // Methods of the path, for 405 and OPTIONS; empty when nothing lives there.
    std::vector<std::string> allowed;
};

class Router {
public:
    // Throws std::logic_error when two routes claim the same method and path.
    explicit Router(Routes routes);
    Router(const Router&) = delete;
    Router& operator=(const Router&) = delete;

    // HEAD finds the route of GET. Open parts are percent-decoded; a broken escape finds nothing.
    Found find(std::string_view method, std::string_view path) const;
    const Routes& routes() const { return routes_; }

private:
    struct Node {
        std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
        std::unique_ptr<Node> open;
        std::map<std::string, const Route*, std::less<>> methods;
    };
    void add(const Route& route);
    const Node* walk(std::string_view path, std::vector<std::string>& open_parts) const;

    Routes routes_;
    Node root_;
};

}  // namespace afterresume::http
