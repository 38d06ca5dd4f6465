#include "infra/redis/resp.h"

#include "core/testing.h"

#include <gmock/gmock.h>

namespace afterresume::redis {
namespace {

using testing::SizeIs;

// Every prefix of a stream is fed first, so that no value depends on how its bytes arrive.
std::vector<Value> parse(std::string_view stream) {
    std::vector<Value> values;
    Parser parser;
    for (char byte : stream) {
        parser.feed(std::string_view(&byte, 1));
        while (auto value = parser.next()) values.push_back(std::move(*value));
    }
    return values;
}

std::string refusal(std::string_view stream) {
    return code_of([&] { parse(stream); });
}

TEST(Resp, WritesCommandsAsListsOfBytes) {
    EXPECT_EQ(
        encode({"SET", "a b", std::string("\r\n", 2)}),
        "*3\r\n$3\r\nSET\r\n$3\r\na b\r\n$2\r\n\r\n\r\n"
    );
}

TEST(Resp, ReadsTheSimpleKinds) {
    auto values = parse("+OK\r\n-ERR no\r\n:-42\r\n$5\r\na\r\nbc\r\n$-1\r\n_\r\n#t\r\n,3.5\r\n");

    ASSERT_THAT(values, SizeIs(8));
    EXPECT_EQ(values[0].text, "OK");
    EXPECT_TRUE(values[1].is_error());
    EXPECT_EQ(values[1].text, "ERR no");
    EXPECT_EQ(values[2].integer, -42);
    EXPECT_EQ(values[3].text, "a\r\nbc");
    EXPECT_EQ(values[4].kind, Value::Kind::null);
    EXPECT_EQ(values[5].kind, Value::Kind::null);
    EXPECT_EQ(values[6].integer, 1);
    EXPECT_EQ(values[7].text, "3.5");
}

TEST(Resp, ReadsWhatHoldsOthers) {
    auto values =
        parse("*2\r\n:1\r\n*1\r\n$1\r\na\r\n%1\r\n+key\r\n+value\r\n>2\r\n+message\r\n+x\r\n*-1\r\n"
        );

    ASSERT_THAT(values, SizeIs(4));
    EXPECT_EQ(values[0].items.at(1).items.at(0).text, "a");
    EXPECT_THAT(values[1].items, SizeIs(2));
    EXPECT_EQ(values[2].kind, Value::Kind::push);
    EXPECT_EQ(values[3].kind, Value::Kind::null);
}

TEST(Resp, ReadsBlobErrorsVerbatimTextsAndAttributes) {
    auto values = parse("!5\r\nERR x\r\n=7\r\ntxt:abc\r\n|1\r\n+ttl\r\n:5\r\n+value\r\n");

    ASSERT_THAT(values, SizeIs(3));
    EXPECT_TRUE(values[0].is_error());
    EXPECT_EQ(values[1].text, "abc");
    EXPECT_EQ(values[2].text, "value");
}

TEST(Resp, RefusesWhatIsNoAnswer) {
    for (const auto* stream :
         {"?\r\n", "\r\n", ":x\r\n", "$-2\r\n", "$99999999999\r\n", "*9999999999\r\n",
          "$1\r\nab\r\n"})
        EXPECT_EQ(refusal(stream), "redis.protocol") << stream;
    std::string deep;
    for (int i = 0; i < 40; ++i) deep += "*1\r\n";
    EXPECT_EQ(refusal(deep), "redis.protocol");
}

}  // namespace
}  // namespace afterresume::redis
