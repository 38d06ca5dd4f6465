#include "infra/http/router.h"

#include <gmock/gmock.h>

namespace afterresume::http {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Route route(std::string method, std::string pattern) {
    Route out;
    out.method = std::move(method);
    out.pattern = std::move(pattern);
    return out;
}

Routes some_routes() {
    return {
        route("GET", "/api/things/"), route("POST", "/api/things/"),
        route("GET", "/api/things/{id}/"), route("GET", "/api/things/timeline/")
    };
}

TEST(Router, FindsARouteWithAndWithoutTheFinalSlash) {
    Router router(some_routes());

    EXPECT_EQ(router.find("GET", "/api/things/").route->pattern, "/api/things/");
    EXPECT_EQ(router.find("GET", "/api/things").route->pattern, "/api/things/");
    EXPECT_EQ(router.find("HEAD", "/api/things/").route->method, "GET");
}

TEST(Router, PrefersAFixedSegmentToAnOpenOne) {
    Router router(some_routes());

    auto fixed = router.find("GET", "/api/things/timeline/");
    auto open = router.find("GET", "/api/things/a%20b/");

    EXPECT_EQ(fixed.route->pattern, "/api/things/timeline/");
    EXPECT_THAT(fixed.path, IsEmpty());
    EXPECT_EQ(open.route->pattern, "/api/things/{id}/");
    EXPECT_THAT(open.path, ElementsAre("a b"));
}

TEST(Router, TellsWhichMethodsAPathHas) {
    Router router(some_routes());

    auto found = router.find("DELETE", "/api/things/");

    EXPECT_EQ(found.route, nullptr);
    EXPECT_THAT(found.allowed, ElementsAre("GET", "HEAD", "POST", "OPTIONS"));
}

TEST(Router, FindsNothingInBrokenOrUnknownPaths) {
    Router router(some_routes());

    for (auto path :
         {"", "api/things/", "/api", "/api/things/1/2/", "/api/things/%zz/", "/api/things/%ff/",
          "/api/things/%00/", "/api//things/"}) {
        auto found = router.find("GET", path);
        EXPECT_EQ(found.route, nullptr) << path;
        EXPECT_THAT(found.allowed, IsEmpty()) << path;
    }
}

TEST(Router, RefusesTwoRoutesThatAreTheSame) {
    Routes twice{route("GET", "/api/things/{id}/"), route("GET", "/api/things/{name}/")};

    EXPECT_THROW(Router{std::move(twice)}, std::logic_error);
}

}  // namespace
}  // namespace afterresume::http
