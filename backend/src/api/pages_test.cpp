#include "api/pages.h"

#include <gtest/gtest.h>

namespace afterresume::api {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

const Pages pages(
    "https://work.example.org",
    origins_of("CSRF_TRUSTED_ORIGINS", {"https://admin.example.org", "http://LOCALHOST:5173/"})
);

// The code of the refusal.
std::string asked(const Fields& fields, Sender sender = Sender::browser, std::string body = "{}") {
    http::Request request;
    request.headers.add("host", "inner.example.org:8443");
    for (const auto& [name, value] : fields) request.headers.add(name, value);
    request.body = std::move(body);
    auto refused = pages.refusal(request, sender);
    return refused ? refused->code() : "none";
}

const std::pair<std::string, std::string> json{"content-type", "application/json; charset=utf-8"};

TEST(Pages, AreOursByTheirOrigin) {
    for (const auto* ours :
         {"https://work.example.org", "https://inner.example.org:8443", "https://admin.example.org",
          "http://localhost:5173"})
        EXPECT_EQ(asked({json, {"origin", ours}}), "none") << ours;
    for (const auto* foreign :
         {"https://evil.example", "null", "", "http://work.example.org",
          "https://work.example.org:444", "https://work.example.org.evil.example",
          "https://evil.example/https://work.example.org", "http://inner.example.org:8443",
          "https://inner.example.org", "https://work.example.org/",
          "https://work.example.org, https://evil.example", "file://"})
        EXPECT_EQ(asked({json, {"origin", foreign}}), "request.foreign_page") << foreign;
}

TEST(Pages, AreForeignWhereTheBrowserSaysSo) {
    const std::pair<std::string, std::string> ours{"origin", "https://work.example.org"};
    for (const auto* site : {"cross-site", "same-site", "none", "", "SAME-ORIGIN"})
        EXPECT_EQ(asked({json, {"sec-fetch-site", site}}), "request.foreign_page") << site;

    EXPECT_EQ(asked({json, {"sec-fetch-site", "same-origin"}}), "none");
    EXPECT_EQ(asked({json, ours, {"sec-fetch-site", "same-origin"}}), "none");
    EXPECT_EQ(
        asked({json, {"origin", "https://evil.example"}, {"sec-fetch-site", "same-origin"}}),
        "request.foreign_page"
    );
    EXPECT_EQ(
        asked({json, {"sec-fetch-site", "same-origin"}, {"Sec-Fetch-Site", "cross-site"}}),
        "request.foreign_page"
    );
    EXPECT_EQ(asked({json, ours, {"Origin", "https://evil.example"}}), "request.foreign_page");
}

TEST(Pages, OfATrustedOriginMayBeOfAnotherSite) {
    EXPECT_EQ(
        asked({json, {"origin", "https://admin.example.org"}, {"sec-fetch-site", "cross-site"}}),
        "none"
    );
}

TEST(Pages, AreNoProgramsWhichSayNeither) {
    EXPECT_EQ(asked({json}), "request.foreign_page");
    EXPECT_EQ(asked({json}, Sender::anybody), "none");
    EXPECT_EQ(asked({}, Sender::anybody), "none");
    EXPECT_EQ(asked({json, {"origin", "null"}}, Sender::anybody), "request.foreign_page");
}

TEST(Pages, SendNoFormsAndNoPlainText) {
    const std::pair<std::string, std::string> ours{"sec-fetch-site", "same-origin"};
    for (const auto* type :
         {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
          "text/plain; application/json", "application/jsonx", ""}) {
        EXPECT_EQ(asked({ours, {"content-type", type}}), "request.not_json") << type;
        EXPECT_EQ(asked({{"content-type", type}}, Sender::anybody), "request.not_json") << type;
    }
    EXPECT_EQ(asked({ours}), "request.not_json");
    EXPECT_EQ(asked({ours}, Sender::browser, ""), "none");
}

TEST(Pages, TrustNothingThatIsNoOrigin) {
    for (const auto* text :
         {"admin.example.org", "https://", "https://admin.example.org/path", "*", "null",
          "ftp://admin.example.org", "https://me@admin.example.org"}) {
        EXPECT_THROW(origins_of("CSRF_TRUSTED_ORIGINS", {text}), Error) << text;
    }
}

}  // namespace
}  // namespace afterresume::api
