#include "infra/http/gzip.h"

#include "infra/http/server_fixture.h"

#include <gmock/gmock.h>
#include <zlib.h>

namespace afterresume::http {
namespace {

std::string unzip(std::string_view packed) {
    std::string plain(1 << 20, '\0');
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    const int outcome = inflate(&stream, Z_FINISH);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    return outcome == Z_STREAM_END ? plain : "not gzip";
}

std::string lines(int count) {
    std::string text;
    for (int line = 0; line < count; ++line) text += "line " + std::to_string(line) + "\n";
    return text;
}

Task<Response> answer(Response response) { co_return response; }

class HttpCompression : public ServerTest {
protected:
    void answer_with(Response response) {
        handler = [response](Request&) { return answer(response); };
    }

    const std::string gzip_please = get("/", "Accept-Encoding: br, gzip\r\n");
};

TEST(Gzip, PacksOneBodyAfterTheOther) {
    Gzip gzip;

    const auto first = gzip.compress(lines(1000));
    const auto second = gzip.compress("short");
    const auto third = gzip.compress("");

    EXPECT_LT(first.size(), lines(1000).size() / 2);
    EXPECT_EQ(unzip(first), lines(1000));
    EXPECT_EQ(unzip(second), "short");
    EXPECT_EQ(unzip(third), "");
}

TEST(AcceptsGzip, ReadsTheHeaderAsItIsMeant) {
    EXPECT_TRUE(accepts_gzip("gzip"));
    EXPECT_TRUE(accepts_gzip("deflate, GZIP;q=0.5"));
    EXPECT_TRUE(accepts_gzip("*"));
    EXPECT_TRUE(accepts_gzip("br;q=1.0, x-gzip"));
    EXPECT_FALSE(accepts_gzip(""));
    EXPECT_FALSE(accepts_gzip("br"));
    EXPECT_FALSE(accepts_gzip("gzip;q=0"));
    EXPECT_FALSE(accepts_gzip("gzip; q=0.000, *"));
    EXPECT_FALSE(accepts_gzip("*;q=0"));
    EXPECT_FALSE(accepts_gzip("gzipped"));
}

TEST(IsCompressible, KnowsWhatGetsSmaller) {
    EXPECT_TRUE(is_compressible("application/json"));
    EXPECT_TRUE(is_compressible("application/problem+json; charset=utf-8"));
    EXPECT_TRUE(is_compressible("text/csv"));
    EXPECT_TRUE(is_compressible("image/svg+xml"));
    EXPECT_FALSE(is_compressible("application/pdf"));
    EXPECT_FALSE(is_compressible("image/png"));
    EXPECT_FALSE(is_compressible("text/event-stream"));
    EXPECT_FALSE(is_compressible(""));
}

TEST_F(HttpCompression, CompressesForAClientThatTakesIt) {
    answer_with(text(lines(1000)));

    const auto reply = ask(gzip_please);

    EXPECT_TRUE(reply.has("Content-Encoding: gzip\r\n"));
    EXPECT_TRUE(reply.has("Vary: Accept-Encoding\r\n"));
    EXPECT_EQ(unzip(reply.body), lines(1000));
}

TEST_F(HttpCompression, TellsCachesThatItWouldHaveCompressed) {
    answer_with(text(lines(1000)));

    const auto reply = ask(get("/"));

    EXPECT_FALSE(reply.has("Content-Encoding"));
    EXPECT_TRUE(reply.has("Vary: Accept-Encoding\r\n"));
    EXPECT_EQ(reply.body, lines(1000));
}

TEST_F(HttpCompression, LeavesSmallBodiesAlone) {
    answer_with(text(lines(10)));

    EXPECT_FALSE(ask(gzip_please).has("Content-Encoding"));
}

TEST_F(HttpCompression, LeavesBodiesAloneThatMustNotBeCompressed) {
    auto secret = text(lines(1000));
    secret.compression = Compression::never;
    answer_with(secret);

    EXPECT_FALSE(ask(gzip_please).has("Content-Encoding"));
}

TEST_F(HttpCompression, TellsHeadTheLengthThatGetWouldHave) {
    answer_with(text(lines(1000)));
    auto client = connect();

    const auto got = client->send(gzip_please).reply();
    const auto head =
        client->send("HEAD / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n").reply(false);

    EXPECT_TRUE(head.has("Content-Length: " + std::to_string(got.body.size()) + "\r\n"));
}

}  // namespace
}  // namespace afterresume::http
