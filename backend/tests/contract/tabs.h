// People beside ada, bob and carol: each keeps what a client keeps of a sign-in, and may be in
// several tenants at once.
#pragma once

#include "fixture.h"

#include "core/describe/reader.h"
#include "infra/crypto/crypto.h"
#include "infra/crypto/jwt.h"

#include <fmt/format.h>

namespace afterresume::contract {

// The cookie, and the token of a tab.
struct Tab {
    Headers cookie;
    std::string token;
};

inline Tab tab_of(const Answer& answer) {
    return {cookie_of(answer), answer.text("/access_token")};
}

class TabsTest : public ProgramTest {
protected:
    Answer by(
        const Tab& tab, const std::string& method, const std::string& path,
        const std::string& body = {}, Headers headers = {}
    ) {
        headers.emplace_back("authorization", "Bearer " + tab.token);
        return call(method, path, nobody, body, headers);
    }
    Tab log_in(const std::string& email) {
        return tab_of(call("POST", "/api/auth/login/", nobody, login_body(email)));
    }
    // Signed up with a tenant of their own.
    Tab sign_up(const std::string& email) {
        auto body = fmt::format(
            R"({{"email":"{}","password":"{}","display_name":"Someone"}})", email, password
        );
        return tab_of(call("POST", "/api/auth/signup/", nobody, body));
    }
    Tab switched(const Tab& tab, const Answer& tenant) {
        return tab_of(call(
            "POST", "/api/tenants/switch/", nobody,
            fmt::format(R"({{"tenant_id":{}}})", tenant.number("/id")), tab.cookie
        ));
    }
    // In ada's tenant.
    Tab join(const std::string& email, const std::string& role) {
        auto tab = sign_up(email);
        auto made = call("POST", "/api/invitations/", ada, R"({"role":")" + role + R"("})");
        auto joined =
            by(tab, "POST", "/api/invitations/accept/",
               R"({"code":")" + made.text("/code") + R"("})");
        EXPECT_EQ(joined.status, 200) << joined.body;
        return switched(tab, joined);
    }
    std::string member_path(const std::string& email) {
        auto page = call("GET", "/api/tenant/members/?page_size=100", ada);
        for (std::size_t i = 0; i < page.count("/items"); ++i) {
            if (page.text(fmt::format("/items/{}/email", i)) == email)
                return fmt::format(
                    "/api/tenant/members/{}/", page.number(fmt::format("/items/{}/id", i))
                );
        }
        ADD_FAILURE() << "no member " << email;
        return {};
    }
    // As every node does within a second.
    void forget(const Tab& tab) {
        auto key = crypto::subkey(program().secret(), "access token");
        auto claims = describe::parse_json(crypto::verify_jwt(key, tab.token).value());
        program().forget_session(claims.at("sid").as_int64());
    }
};

}  // namespace afterresume::contract
