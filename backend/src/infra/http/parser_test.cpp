#include "infra/http/parser.h"

#include "infra/http/server_fixture.h"

#include <gmock/gmock.h>

namespace afterresume::http {
namespace {

struct Ambiguity {
    std::string name;
    std::string request;
    int status = 400;
};

std::ostream& operator<<(std::ostream& out, const Ambiguity& row) { return out << row.name; }

std::string with(std::string_view lines, std::string_view body = "") {
    return std::string("POST / HTTP/1.1\r\nHost: h\r\n").append(lines).append("\r\n").append(body);
}

std::string chunked(std::string_view body) { return with("Transfer-Encoding: chunked\r\n", body); }

class RefusedRequest : public ServerTest, public testing::WithParamInterface<Ambiguity> {};

TEST_P(RefusedRequest, IsNeverHandledAndEndsTheConnection) {
    auto client = connect();

    const auto reply = client->send(GetParam().request + get("/smuggled")).reply();

    EXPECT_EQ(reply.status, GetParam().status);
    EXPECT_TRUE(reply.has("Connection: close\r\n"));
    EXPECT_EQ(handled, 0);
    EXPECT_TRUE(client->is_closed());
}

const auto fixed = "Content-Length: 3\r\n";
const auto in_chunks = "Transfer-Encoding: chunked\r\n";

const std::vector<Ambiguity> length_rows{
    {"both lengths", with(std::string(fixed) + in_chunks, "0\r\n\r\n")},
    {"both lengths, the other way round", with(std::string(in_chunks) + fixed, "0\r\n\r\n")},
    {"two equal lengths", with("Content-Length: 3\r\nContent-Length: 3\r\n", "abc")},
    {"two different lengths", with("Content-Length: 3\r\nContent-Length: 4\r\n", "abc")},
    {"a list of lengths", with("Content-Length: 3, 3\r\n", "abc")},
    {"a length with a sign", with("Content-Length: +3\r\n", "abc")},
    {"a negative length", with("Content-Length: -3\r\n", "abc")},
    {"a hexadecimal length", with("Content-Length: 0x3\r\n", "abc")},
    {"a length with a space", with("Content-Length: 1 3\r\n", "abc")},
    {"an empty length", with("Content-Length:\r\n", "abc")},
    {"a length beyond 64 bits", with("Content-Length: 18446744073709551619\r\n", "abc")},
    {"a coding after chunked", with("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")},
    {"a coding before chunked", with("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")},
    {"an unknown coding", with("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")},
    {"a quoted coding", with("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n")},
    {"a coding with a vertical tab", with("Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n")},
    {"two codings",
     with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
    {"an empty coding", with("Transfer-Encoding:\r\n", "0\r\n\r\n")},
    {"a space before the colon", with("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")},
    {"a coding in HTTP/1.0",
     "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
};

const std::vector<Ambiguity> line_rows{
    {"bare line feeds", "GET / HTTP/1.1\nHost: h\n\r\n\r\n"},
    {"a bare line feed between fields", with("A: b\nTransfer-Encoding: chunked\r\n")},
    {"a bare carriage return", with("A: b\rTransfer-Encoding: chunked\r\n")},
    {"a zero byte", with(std::string("A: b\0c\r\n", 8))},
    {"a folded field", with("A: b\r\n c\r\n")},
    {"a coding folded away", with("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")},
    {"a field folded with a tab", with("A: b\r\n\tc\r\n")},
    {"a space before the first field", "GET / HTTP/1.1\r\n Host: h\r\n\r\n"},
    {"a field without a colon", with("Transfer-Encoding\r\n")},
    {"a field without a name", with(": chunked\r\n")},
    {"no host", "GET / HTTP/1.1\r\n\r\n"},
    {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
    {"two spaces after the method", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"no version", "GET /\r\nHost: h\r\n\r\n"},
    {"a strange version", "GET / HTTP/1.1x\r\nHost: h\r\n\r\n"},
    {"another version", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505},
    {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
    {"an absolute target", "GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"a fragment", "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"a target beyond ASCII", "GET /\xc3\xa4 HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"a tunnel", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"},
};

const std::vector<Ambiguity> chunk_rows{
    {"a chunk size with a prefix", chunked("0x3\r\nabc\r\n0\r\n\r\n")},
    {"a chunk size with a sign", chunked("+3\r\nabc\r\n0\r\n\r\n")},
    {"a chunk size with a space", chunked(" 3\r\nabc\r\n0\r\n\r\n")},
    {"a chunk size beyond 64 bits", chunked("10000000000000003\r\nabc\r\n0\r\n\r\n")},
    {"a chunk size ended by a line feed", chunked("3\nabc\r\n0\r\n\r\n")},
    {"a line feed in an extension", chunked("3;a=\"\n\"\r\nabc\r\n0\r\n\r\n")},
    {"a chunk longer than its size", chunked("3\r\nabcd\r\n0\r\n\r\n")},
    {"a chunk ended by a line feed", chunked("3\r\nabc\n0\r\n\r\n")},
    {"no chunk size", chunked("\r\nabc\r\n0\r\n\r\n")},
    {"a length among the trailers", chunked("0\r\nContent-Length: 3\r\n\r\n")},
};

INSTANTIATE_TEST_SUITE_P(Lengths, RefusedRequest, testing::ValuesIn(length_rows));
INSTANTIATE_TEST_SUITE_P(Lines, RefusedRequest, testing::ValuesIn(line_rows));
INSTANTIATE_TEST_SUITE_P(Chunks, RefusedRequest, testing::ValuesIn(chunk_rows));

TEST(RequestParser, ReadsAHead) {
    Request request;
    RequestParser parser(request);

    const auto refusal = parser.read_head(
        "PUT /a?b HTTP/1.1\r\nHost: h\r\nCONTENT-length: 2\r\nX-A:  some value \r\n\r\n"
    );

    EXPECT_FALSE(refusal);
    EXPECT_EQ(request.method, "PUT");
    EXPECT_EQ(request.path, "/a");
    EXPECT_EQ(request.query, "b");
    EXPECT_EQ(request.header("x-a"), "some value");
    EXPECT_EQ(request.content_length, 2U);
    EXPECT_TRUE(request.keep_alive);
    EXPECT_FALSE(parser.body_done());
}

TEST(RequestParser, LeavesWhatFollowsTheBodyInTheInput) {
    Request request;
    RequestParser parser(request);
    std::string_view input = "abGET";

    parser.read_head("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n");
    parser.limit_body(10);
    const auto refusal = parser.read_body(input, request.body);

    EXPECT_FALSE(refusal);
    EXPECT_TRUE(parser.body_done());
    EXPECT_EQ(request.body, "ab");
    EXPECT_EQ(input, "GET");
}

TEST(RequestParser, WaitsForTheWholeOfALastChunkThatDripsIn) {
    Request request;
    RequestParser parser(request);
    parser.read_head("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    parser.limit_body(100);
    const std::string wire = "3\r\nabc\r\n0\r\nA: b\r\n\r\n";
    std::string pending;

    for (const char letter : wire) {
        pending.push_back(letter);
        std::string_view input = pending;
        EXPECT_FALSE(parser.read_body(input, request.body));
        pending.erase(0, pending.size() - input.size());
    }

    EXPECT_TRUE(parser.body_done());
    EXPECT_EQ(request.body, "abc");
}

TEST(RequestParser, UnderstandsChunksHoweverTheyAreCut) {
    const std::string_view wire = "4\r\nwiki\r\n00a;x=y\r\n0123456789\r\n0\r\nA: b\r\n\r\nNEXT";
    for (std::size_t cut = 1; cut < wire.size(); ++cut) {
        Request request;
        RequestParser parser(request);
        parser.read_head("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n");
        parser.limit_body(100);
        std::string_view input = wire.substr(0, cut);

        auto refusal = parser.read_body(input, request.body);
        input = wire.substr(cut - input.size());
        if (!refusal && !parser.body_done()) refusal = parser.read_body(input, request.body);

        EXPECT_FALSE(refusal) << cut;
        EXPECT_TRUE(parser.body_done()) << cut;
        EXPECT_EQ(request.body, "wiki0123456789") << cut;
        EXPECT_EQ(input, "NEXT") << cut;
    }
}

}  // namespace
}  // namespace afterresume::http
