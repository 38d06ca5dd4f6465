// Personal access tokens on the wire.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"
#include "core/list_more.h"
#include "core/scope.h"

#include <optional>
#include <string>
#include <vector>

namespace afterresume::accounts {

// Nothing of it changes but when it was used last, so that it has one version.
struct PersonalToken {
    Id<PersonalToken> id;
    std::string name;
    std::vector<Permission> scopes;
    Timestamp created_at;
    Timestamp expires_at;
    std::optional<Timestamp> last_used_at;
    // For If-Match.
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(
    PersonalToken, (), (id, name, scopes, created_at, expires_at, last_used_at, version)
)

struct CreateToken {
    std::string name;
    std::vector<Permission> scopes;
    std::optional<std::int64_t> valid_days;
};
BOOST_DESCRIBE_STRUCT(CreateToken, (), (name, scopes, valid_days))

constexpr auto notes(CreateToken*) {
    using namespace describe;
    return std::tuple{
        note(&CreateToken::name, "What it is for", length{1, 100}),
        note(
            &CreateToken::scopes,
            "What it may do, within what you may; reading is always part of it", count{1, 4}
        ),
        note(&CreateToken::valid_days, "Days until it expires; 90 when absent", range{1, 366}),
    };
}

// The only answer that ever holds the token.
struct MadeToken {
    PersonalToken about;
    std::string token;
};
BOOST_DESCRIBE_STRUCT(MadeToken, (), (about, token))

struct PersonalTokenPage {
    std::vector<PersonalToken> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(PersonalTokenPage, (), (items, next_cursor))

}  // namespace afterresume::accounts
