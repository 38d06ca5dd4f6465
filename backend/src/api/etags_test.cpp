#include "api/etags.h"

#include <gmock/gmock.h>

namespace afterresume::api {
namespace {

using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;

http::Route route(std::string method) {
    http::Route made;
    made.method = std::move(method);
    return made;
}

http::Response response(std::string body, std::optional<std::string> version = std::nullopt) {
    http::Response made;
    made.content_type = "application/json";
    made.body = std::move(body);
    if (version) made.headers.emplace_back("ETag", *version);
    return made;
}

std::string etag_of(const http::Response& response) {
    for (const auto& [name, value] : response.headers) {
        if (name == "ETag") return value;
    }
    return {};
}

http::Response told(const http::Route& route, http::Response response, std::string_view seen = "") {
    http::Request request;
    if (!seen.empty()) request.headers.add("If-None-Match", seen);
    tell_version(request, route, response);
    return response;
}

TEST(ETags, OfAReadAreMadeOfItsBody) {
    auto first = etag_of(told(route("GET"), response("a")));

    EXPECT_THAT(first, MatchesRegex("\"[0-9a-f]+\""));
    EXPECT_EQ(etag_of(told(route("GET"), response("a"))), first);
    EXPECT_NE(etag_of(told(route("GET"), response("b"))), first);
}

TEST(ETags, KeepTheVersionInFront) {
    auto first = etag_of(told(route("GET"), response("a", "\"7\"")));

    EXPECT_THAT(first, MatchesRegex("\"7-[0-9a-f]+\""));
    EXPECT_NE(etag_of(told(route("GET"), response("b", "\"7\""))), first);
    EXPECT_EQ(etag_of(told(route("PATCH"), response("a", "\"7\""))), first);
}

TEST(ETags, AreAnsweredByNothingWhereTheyWereSeen) {
    auto seen = etag_of(told(route("GET"), response("a", "\"7\"")));

    auto same = told(route("GET"), response("a", "\"7\""), "\"8-1\", W/" + seen);
    auto other = told(route("GET"), response("b", "\"7\""), seen);

    EXPECT_EQ(same.status, 304);
    EXPECT_THAT(same.body, IsEmpty());
    EXPECT_THAT(same.content_type, IsEmpty());
    EXPECT_EQ(etag_of(same), seen);
    EXPECT_EQ(other.status, 200);
    EXPECT_EQ(told(route("GET"), response("a"), "*").status, 304);
}

TEST(ETags, LeaveChangesAndRefusalsAsTheyAre) {
    auto refused = response("{}");
    refused.status = 404;

    EXPECT_EQ(told(route("PATCH"), response("a", "\"7\""), "*").status, 200);
    EXPECT_THAT(etag_of(told(route("POST"), response("a"))), IsEmpty());
    auto answer = told(route("GET"), std::move(refused), "*");
    EXPECT_EQ(answer.status, 404);
    EXPECT_THAT(etag_of(answer), IsEmpty());
}

TEST(ETags, OfAStreamAreTheVersionOfWhatItSends) {
    auto stream = [](std::optional<std::string> version) {
        auto made = response("", std::move(version));
        made.stream = [](http::BodyWriter&) -> Task<void> { co_return; };
        made.stream_length = 7;
        return made;
    };

    auto live = told(route("GET"), stream(std::nullopt), "*");
    auto file = told(route("GET"), stream("\"7\""));
    auto seen = told(route("GET"), stream("\"7\""), "\"7\"");

    EXPECT_EQ(live.status, 200);
    EXPECT_THAT(etag_of(live), IsEmpty());
    EXPECT_EQ(etag_of(file), "\"7\"");
    EXPECT_TRUE(file.stream);
    EXPECT_EQ(seen.status, 304);
    EXPECT_FALSE(seen.stream);
    EXPECT_FALSE(seen.stream_length);
}

TEST(ETags, OfAFileAreTheVersionThatItIsMadeOf) {
    auto file = response("%PDF", "\"7\"");
    file.content_type = "application/pdf";

    EXPECT_EQ(etag_of(told(route("GET"), file)), "\"7\"");
    EXPECT_EQ(told(route("GET"), file, "\"7\"").status, 304);
}

TEST(ETags, AreNotForStrangersAndMeasurements) {
    auto strangers = route("GET").for_strangers();
    auto measures = route("GET").unlogged();

    EXPECT_THAT(etag_of(told(strangers, response("a"), "*")), IsEmpty());
    EXPECT_EQ(told(measures, response("a"), "*").status, 200);
    EXPECT_THAT(etag_of(told(route("GET"), response("a"))), Not(IsEmpty()));
}

}  // namespace
}  // namespace afterresume::api
