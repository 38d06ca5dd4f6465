#include "api/cross_origin.h"

#include <gmock/gmock.h>

namespace afterresume::api {
namespace {

using testing::IsEmpty;
using testing::Not;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr auto page = "https://page.example.org";

http::Route route_of(std::string pattern) {
    http::Route route;
    route.method = "GET";
    route.pattern = std::move(pattern);
    route.permission = Permission::read;
    return route;
}
http::Route staff_route() { return route_of("/api/admin/users/").for_staff(); }
http::Route cookie_route() { return route_of("/api/auth/login/").taking_or_giving_a_cookie(); }

std::map<std::string, std::string> permitted(
    const CrossOrigin& cross_origin, const http::Route& route, const Fields& fields
) {
    http::Request request;
    for (const auto& [name, value] : fields) request.headers.add(name, value);
    http::Response response;
    cross_origin.permit(request, route, response);
    return {response.headers.begin(), response.headers.end()};
}

std::string allowed(
    const CrossOrigin& cross_origin, std::string origin,
    const http::Route& route = route_of("/api/worklogs/")
) {
    return permitted(
        cross_origin, route, {{"origin", std::move(origin)}}
    )["Access-Control-Allow-Origin"];
}

TEST(CrossOrigin, OpensNothingUnlessItIsSet) {
    CrossOrigin none({}, {page});

    EXPECT_THAT(permitted(none, route_of("/api/worklogs/"), {{"origin", page}}), IsEmpty());
}

TEST(CrossOrigin, KnowsOriginsAsBrowsersWriteThem) {
    CrossOrigin named({"https://PAGE.example.org/", "http://localhost:5173"}, {});

    for (const auto* origin : {page, "http://localhost:5173"})
        EXPECT_EQ(allowed(named, origin), origin);
    for (const auto* origin :
         {"https://evil.example", "null", "", "*", "http://page.example.org",
          "https://page.example.org:444", "https://page.example.org.evil.example",
          "https://evil.example/https://page.example.org", "https://page.example.org/",
          "https://page.example.org, https://evil.example", "HTTPS://page.example.org",
          "http://localhost", "https://sub.page.example.org"})
        EXPECT_EQ(allowed(named, origin), "") << origin;
}

TEST(CrossOrigin, TellsCachesThatTheOriginMatters) {
    CrossOrigin named({page}, {});
    auto route = route_of("/api/worklogs/");

    for (const Fields& fields :
         {Fields{}, Fields{{"origin", page}}, Fields{{"origin", "https://evil.example"}}})
        EXPECT_EQ(permitted(named, route, fields)["Vary"], "Origin");
}

TEST(CrossOrigin, BelievesNoTwoOrigins) {
    CrossOrigin named({page}, {});

    auto headers = permitted(
        named, route_of("/api/worklogs/"), {{"origin", page}, {"Origin", "https://evil.example"}}
    );

    EXPECT_EQ(headers["Access-Control-Allow-Origin"], "");
}

TEST(CrossOrigin, ShowsNothingOfOperatorsAndNoPages) {
    for (const CrossOrigin& some : {CrossOrigin({page}, {page}), CrossOrigin({"*"}, {page})}) {
        for (const auto& route :
             {staff_route(), route_of("/system/jobs/"), route_of("/metrics"), route_of("/s/{token}")
             })
            EXPECT_THAT(permitted(some, route, {{"origin", page}}), IsEmpty()) << route.pattern;
        EXPECT_THAT(
            permitted(some, route_of("/api/share/{token}/"), {{"origin", page}}), Not(IsEmpty())
        );
    }
}

TEST(CrossOrigin, LetsCookiesCountForThoseAloneThatAreNamedAndTrusted) {
    constexpr auto credentials = "Access-Control-Allow-Credentials";
    CrossOrigin named({page, "https://other.example.org"}, {page});
    CrossOrigin everybody({"*"}, {page});

    EXPECT_EQ(permitted(named, cookie_route(), {{"origin", page}})[credentials], "true");
    EXPECT_EQ(
        permitted(named, cookie_route(), {{"origin", "https://other.example.org"}})[credentials], ""
    );
    EXPECT_EQ(permitted(named, route_of("/api/worklogs/"), {{"origin", page}})[credentials], "");
    EXPECT_EQ(permitted(everybody, cookie_route(), {{"origin", page}})[credentials], "");
    EXPECT_EQ(allowed(everybody, "https://anybody.example"), "*");
}

TEST(CrossOrigin, IsToldOfWhatIsNoOrigin) {
    for (const auto* text :
         {"page.example.org", "https://page.example.org/path", "null", "https://*.example.org"})
        EXPECT_THROW(CrossOrigin({text}, {}), Error) << text;
    EXPECT_THROW(CrossOrigin({"*", page}, {}), Error);
}

}  // namespace
}  // namespace afterresume::api
