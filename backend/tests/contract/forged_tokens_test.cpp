// Access tokens that somebody made up, changed or took from elsewhere (OWASP ASVS 5.0, 9.1
// and 9.2): whatever they say, nobody is let in.
#include "fixture.h"

#include "infra/crypto/crypto.h"
#include "infra/crypto/jwt.h"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace afterresume::contract {

namespace {

// FORGED_TOKEN_ROUNDS; 1 when it is not set. With more it is measured how fast each is refused:
// what is slow in fewer than half of them is the machine's.
int rounds() {
    const auto* wanted = std::getenv("FORGED_TOKEN_ROUNDS");
    return wanted != nullptr ? std::max(1, std::atoi(wanted)) : 1;
}

std::chrono::nanoseconds median(std::vector<std::chrono::nanoseconds> took) {
    auto middle = took.begin() + static_cast<std::ptrdiff_t>(took.size() / 2);
    std::ranges::nth_element(took, middle);
    return *middle;
}

struct Forged {
    std::string what;
    std::string token;
};
using Corpus = std::vector<Forged>;

// A good token and what it is made of.
struct Genuine {
    std::string key;
    std::string token;
    std::string payload;
    std::string signature;

    explicit Genuine(Program& program)
        : key(crypto::subkey(program.secret(), "access token")), token(program.token(ada)) {
        auto first = token.find('.');
        auto second = token.rfind('.');
        payload = token.substr(first + 1, second - first - 1);
        signature = token.substr(second + 1);
    }
    // Signed with the right key, whatever its header says.
    std::string under(const std::string& header) const {
        auto said = crypto::base64url(header) + '.' + payload;
        return said + '.' + crypto::base64url(crypto::hmac_sha256(key, said));
    }
};

void add_algorithms(Corpus& corpus, const Genuine& good) {
    for (unsigned cases = 0; cases < 16; ++cases) {
        std::string none = "none";
        for (unsigned at = 0; at < 4; ++at) {
            if (cases >> at & 1) none[at] = static_cast<char>(none[at] - 'a' + 'A');
        }
        auto header = fmt::format(R"({{"alg":"{}","typ":"JWT"}})", none);
        auto said = crypto::base64url(header) + '.' + good.payload;
        corpus.push_back({none + " without a signature", said + '.'});
        corpus.push_back({none + " with a signature", said + '.' + good.signature});
    }
    for (const auto* name :
         {"HS384", "HS512", "RS256", "RS512", "ES256", "PS256", "EdDSA", "hs256", "HS256 ", ""}) {
        auto header = fmt::format(R"({{"alg":"{}","typ":"JWT"}})", name);
        corpus.push_back({fmt::format("the algorithm '{}'", name), good.under(header)});
    }
}

void add_headers(Corpus& corpus, const Genuine& good) {
    for (const auto* more :
         {R"("jku":"https://evil.example/keys")", R"("x5u":"https://evil.example/cert")",
          R"("jwk":{"kty":"oct","k":"YQ"})", R"("kid":"../../../../dev/null")",
          R"("kid":"' UNION SELECT 'a")", R"("kid":"1")", R"("crit":["exp"])", R"("crit":[])",
          R"("b64":false)", R"("zip":"DEF")", R"("cty":"JWT")", R"("alg":"none")",
          R"("alg":"HS256")", R"("x5c":["MII"])", R"("epk":{})"}) {
        corpus.push_back(
            {fmt::format("the header {}", more),
             good.under(fmt::format(R"({{"alg":"HS256","typ":"JWT",{}}})", more))}
        );
    }
    for (const auto* header :
         {R"({"typ":"JWT","alg":"HS256"})", R"({"alg":"HS256"})", R"({ "alg":"HS256","typ":"JWT"})",
          R"({"alg":"HS256","typ":"jwt"})", R"({"alg":"HS256","typ":"at+jwt"})",
          R"({"alg":["HS256"],"typ":"JWT"})", "{}", "[]", "null", ""}) {
        corpus.push_back({fmt::format("the whole header '{}'", header), good.under(header)});
    }
}

void add_shapes(Corpus& corpus, const Genuine& good) {
    const auto& token = good.token;
    auto body = token.substr(0, token.size() - good.signature.size());
    auto header = body.substr(0, body.find('.'));
    auto turned = good.signature;
    turned.front() = turned.front() == 'A' ? 'B' : 'A';
    // The last letter holds bits that no byte needs: there must be one way to write them.
    auto loose = good.signature;
    loose.back() = static_cast<char>(loose.back() + 1);
    const std::vector<Forged> shapes{
        {"nothing", ""},
        {"dots alone", ".."},
        {"a header alone", header},
        {"no signature", body},
        {"no dot before the signature", body.substr(0, body.size() - 1)},
        {"no payload", header + ".." + good.signature},
        {"the signature twice", token + '.' + good.signature},
        {"an empty fourth part", token + '.'},
        {"padding", token + '='},
        {"double padding", token + "=="},
        {"a letter less", token.substr(0, token.size() - 1)},
        {"half a signature", token.substr(0, token.size() - good.signature.size() / 2)},
        {"another letter in the signature", body + turned},
        {"spare bits in the signature", body + loose},
        {"letters of plain base64", body + "+/" + good.signature.substr(2)},
        {"a blank in it", body + ' ' + good.signature},
        {"a percent sign", body + "%41" + good.signature.substr(1)},
        {"a megabyte of payload", header + '.' + std::string(1 << 20, 'A') + '.' + good.signature},
        {"a megabyte of signature", body + std::string(1 << 20, 'A')},
        {"words", "let me in please"},
    };
    corpus.insert(corpus.end(), shapes.begin(), shapes.end());
}

void add_keys(Corpus& corpus, const Program& program, const Genuine& good) {
    auto claims = *crypto::verify_jwt(good.key, good.token);
    for (const auto& [what, key] : std::vector<std::pair<std::string, std::string>>{
             {"no key", ""},
             {"the secret itself", program.secret()},
             {"another purpose's key", crypto::subkey(program.secret(), "refresh token")},
             {"another installation's key", crypto::subkey("elsewhere", "access token")},
             {"a public key", " -----BEGIN PUBLIC KEY-----\n"},
             {"the payload", claims}
         }) {
        corpus.push_back({"signed with " + what, crypto::sign_jwt(key, claims)});
    }
}

void add_claims(Corpus& corpus, const Program& program) {
    const std::vector<std::pair<std::string, Json>> claims{
        {"iss", Json("https://evil.example")},
        {"iss", Json(nullptr)},
        {"iss", Json("")},
        {"aud", Json("elsewhere")},
        {"aud", Json(boost::json::array{"afterresume"})},
        {"aud", Json("AFTERRESUME")},
        {"exp", Json(0)},
        {"exp", Json(-1)},
        {"exp", Json("never")},
        {"exp", Json(nullptr)},
        {"exp", Json(1e300)},
        {"nbf", Json(4'000'000'000)},
        {"nbf", Json("now")},
        {"ver", Json(1'000'000)},
        {"ver", Json(-1)},
        {"sid", Json(1)},
        {"sid", Json(-1)},
        {"sid", Json("1 OR 1=1")},
        {"sid", Json(nullptr)},
        {"tid", Json("all")},
        {"sub", Json(nullptr)},
    };
    for (const auto& [claim, value] : claims) {
        corpus.push_back(
            {fmt::format("{} is {}", claim, boost::json::serialize(value)),
             program.token_with(claim, value)}
        );
    }
}

class ForgedTokens : public ProgramTest {
protected:
    Corpus corpus() {
        Genuine good(program());
        Corpus all;
        add_algorithms(all, good);
        add_headers(all, good);
        add_shapes(all, good);
        add_keys(all, program(), good);
        add_claims(all, program());
        return all;
    }
    Answer ask_with(const std::string& token) {
        return call("GET", "/api/auth/me/", nobody, {}, {{"authorization", "Bearer " + token}});
    }
    int status_of(const std::string& token) { return ask_with(token).status; }
};

// S-10.
TEST_P(ForgedTokens, LetNobodyIn) {
    auto all = corpus();

    EXPECT_GE(all.size(), 80U);
    for (const auto& [what, token] : all) {
        std::vector<std::chrono::nanoseconds> took;
        for (int round = 0; round < rounds(); ++round) {
            auto answer = ask_with(token);
            EXPECT_EQ(answer.status, 401) << what;
            took.push_back(answer.took);
        }
        if (rounds() > 1) EXPECT_LE(median(std::move(took)), std::chrono::milliseconds(5)) << what;
    }
    EXPECT_EQ(status_of(program().token(ada)), 200);
}

// The refresh token of a session is no access token, and an invitation's code is none either.
TEST_P(ForgedTokens, AreNotMadeOfOtherSecrets) {
    auto login = call("POST", "/api/auth/login/", nobody, login_body("ada@example.org"));
    auto cookie = login.header("set-cookie");
    auto begin = cookie.find('=') + 1;
    auto refresh = cookie.substr(begin, cookie.find(';') - begin);
    auto code = call("POST", "/api/invitations/", ada, R"({"role":"read_only"})");

    EXPECT_EQ(status_of(refresh), 401);
    EXPECT_EQ(status_of(code.text("/code")), 401);
    EXPECT_EQ(status_of("arp_" + refresh), 401);
}

INSTANTIATE_TEST_SUITE_P(Engines, ForgedTokens, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::contract
