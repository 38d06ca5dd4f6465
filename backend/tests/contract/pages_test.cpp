#include "fixture.h"

#include <fmt/format.h>

namespace afterresume::contract {

// Lists that people make longer by what they do.
class Pages : public ProgramTest {
protected:
    static std::vector<std::string> ids_of(const Answer& page) {
        std::vector<std::string> ids;
        for (std::size_t i = 0; i < page.count("/items"); ++i)
            ids.push_back(page.text(fmt::format("/items/{}/id", i)));
        return ids;
    }
    // The list in pages of two is the list in one, and no cursor but its own is taken.
    void expect_pages(const std::string& path, std::size_t at_least) {
        SCOPED_TRACE(path);
        auto whole = call("GET", path + "?page_size=100", ada);
        auto all = ids_of(whole);
        ASSERT_GE(all.size(), at_least);
        EXPECT_TRUE(whole.at("/next_cursor").is_null());

        std::vector<std::string> seen;
        std::string cursor;
        for (std::size_t pages = 0; pages <= all.size(); ++pages) {
            auto page = call("GET", path + "?page_size=2" + cursor, ada);
            ASSERT_EQ(page.status, 200) << page.body;
            EXPECT_LE(page.count("/items"), 2U);
            for (auto& id : ids_of(page)) seen.push_back(std::move(id));
            if (page.at("/next_cursor").is_null()) break;
            EXPECT_EQ(page.count("/items"), 2U);
            cursor = "&cursor=" + page.text("/next_cursor");
        }
        EXPECT_EQ(seen, all);

        EXPECT_EQ(call("GET", path + "?cursor=x", ada).status, 422);
        EXPECT_EQ(call("GET", path + "?page_size=0", ada).status, 422);
        EXPECT_EQ(call("GET", path + "?page_size=101", ada).status, 422);
    }
};

INSTANTIATE_TEST_SUITE_P(Engines, Pages, sql::both_databases(), sql::dialect_name);

TEST_P(Pages, OfInvitationsAndTokensAreReadToTheirEnd) {
    for (int i = 0; i < 3; ++i) {
        call("POST", "/api/invitations/", ada, R"({"role":"member"})");
        call("POST", "/api/auth/tokens/", ada, R"({"name":"CLI","scopes":["read"]})");
    }

    expect_pages("/api/invitations/", 3);
    expect_pages("/api/auth/tokens/", 3);
}

TEST_P(Pages, OfSessionsAreReadToTheirEnd) {
    for (int i = 0; i < 2; ++i)
        call("POST", "/api/auth/login/", nobody, login_body("ada@example.org"));

    expect_pages("/api/auth/sessions/", 3);
}

TEST_P(Pages, OfTenantsAreReadToTheirEnd) {
    for (const auto* name : {"Second", "Third"})
        call("POST", "/api/tenants/", ada, fmt::format(R"({{"name":"{}"}})", name));

    expect_pages("/api/tenants/", 3);
}

// One is kept at a time.
TEST_P(Pages, OfExportsAreReadToTheirEnd) {
    call("POST", "/api/tenant/export/", ada);
    program().work();

    expect_pages("/api/tenant/exports/", 1);
}

}  // namespace afterresume::contract
