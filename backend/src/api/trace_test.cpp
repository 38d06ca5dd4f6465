#include "api/trace.h"

#include "core/scope_mint.h"

#include <gmock/gmock.h>

namespace afterresume::api {
namespace {

using testing::MatchesRegex;

const std::string id = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string good = "00-" + id + "-00f067aa0ba902b7-01";

std::optional<Trace> read(const std::vector<std::string>& sent) {
    http::Headers headers;
    for (const auto& one : sent) headers.add("Traceparent", one);
    return trace_of(headers);
}

TEST(Trace, IsReadFromItsHeader) {
    auto trace = read({good});

    ASSERT_TRUE(trace);
    EXPECT_EQ(trace->id, Uuid::parse("4bf92f35-77b3-4da6-a3ce-929d0e0e4736"));
    EXPECT_TRUE(trace->sampled);
    EXPECT_EQ(text_of(*trace), id);
}

TEST(Trace, IsSampledByTheLowestFlagAlone) {
    for (auto [flags, sampled] :
         {std::pair{"00", false}, {"01", true}, {"0b", true}, {"fe", false}, {"ff", true}}) {
        EXPECT_EQ(read({"00-" + id + "-00f067aa0ba902b7-" + flags})->sampled, sampled) << flags;
    }
}

TEST(Trace, IsNoneOfWhatTheRecommendationCallsInvalid) {
    for (const auto& bad : std::vector<std::string>{
             "", "00", good.substr(1), good.substr(0, good.size() - 1), good + "0", good + "-00",
             " " + good, "ff" + good.substr(2), "0g" + good.substr(2),
             "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
             "00-" + std::string(32, '0') + "-00f067aa0ba902b7-01",
             "00-" + id + "-" + std::string(16, '0') + "-01", "00-" + id + "-00f067aa0ba902b7-0x",
             "00_" + id + "_00f067aa0ba902b7_01", id, std::string(1 << 16, '0')
         }) {
        EXPECT_FALSE(read({bad})) << bad.substr(0, 100);
    }
}

TEST(Trace, IsReadFromVersionsToCome) {
    EXPECT_TRUE(read({"01" + good.substr(2)}));
    EXPECT_TRUE(read({"cc" + good.substr(2) + "-what comes then"}));
    EXPECT_FALSE(read({"cc" + good.substr(2) + ".what comes then"}));
}

TEST(Trace, IsNoneWhereSeveralAreSent) {
    EXPECT_FALSE(read({good, good}));
    EXPECT_FALSE(read({}));
}

TEST(Trace, GoesOnInASpanOfOurs) {
    auto trace = *read({good});

    auto one = traceparent_of(trace);
    auto other = traceparent_of({trace.id, false});

    EXPECT_THAT(one, MatchesRegex("00-" + id + "-[0-9a-f]+-01"));
    EXPECT_THAT(other, MatchesRegex("00-" + id + "-[0-9a-f]+-00"));
    EXPECT_NE(one, good);
    EXPECT_EQ(one.size(), good.size());
    EXPECT_EQ(read({one})->id, trace.id);
}

TEST(Trace, ChangesNothingElseOfAScope) {
    Identity identity;
    identity.tenant = TenantId{1};
    identity.user = UserId{11};
    identity.role = Role::admin;
    identity.staff = true;
    identity.session = 7;
    identity.time_zone = "Europe/Berlin";
    identity.limited_to = std::vector{Permission::read, Permission::own};
    identity.cause.correlation = Uuid::random();

    auto scope = within(ScopeMint::mint(identity), *read({good}));

    EXPECT_EQ(scope.cause().trace, read({good})->id);
    EXPECT_EQ(scope.correlation(), identity.cause.correlation);
    EXPECT_EQ(scope.tenant(), identity.tenant);
    EXPECT_EQ(scope.user(), identity.user);
    EXPECT_EQ(scope.role(), identity.role);
    EXPECT_TRUE(scope.is_staff());
    EXPECT_EQ(scope.session(), 7);
    EXPECT_EQ(scope.time_zone(), "Europe/Berlin");
    EXPECT_TRUE(scope.is_limited());
    EXPECT_TRUE(scope.may(Permission::read));
    EXPECT_FALSE(scope.may(Permission::write));
    EXPECT_FALSE(scope.may(Permission::manage));
    EXPECT_FALSE(scope.may(Permission::own));
}

}  // namespace
}  // namespace afterresume::api
