// Share links on the wire, with their limits.
#pragma once

#include "core/list_more.h"
#include "features/sharing/model.h"

namespace afterresume::sharing {

struct CreateShare {
    Id<reporting::Report> report_id;
    std::optional<std::string> name;
    std::optional<bool> pinned;
    std::optional<Contacts> contacts;
    std::optional<std::string> password;
    std::optional<std::int64_t> most_views;
    std::optional<Timestamp> expires_at;
};
BOOST_DESCRIBE_STRUCT(
    CreateShare, (), (report_id, name, pinned, contacts, password, most_views, expires_at)
)

constexpr auto notes(CreateShare*) {
    using namespace describe;
    return std::tuple{
        note(&CreateShare::report_id, "A report or résumé of yours"),
        note(&CreateShare::name, "What the link is for; nobody else sees it", length{1, 100}),
        note(
            &CreateShare::pinned,
            "Whether it stays with this version; when absent or false it leads to the latest"
        ),
        note(&CreateShare::contacts, "hidden when absent: e-mail, phone, street, site, profiles"),
        note(&CreateShare::password, "Asked of whoever follows the link", length{8, 200}),
        note(
            &CreateShare::most_views, "After so many it leads nowhere; no limit when absent",
            range{1, 1'000'000}
        ),
        note(
            &CreateShare::expires_at,
            "From then on it leads nowhere; within a year, in 30 days when absent"
        ),
    };
}

struct EditShare {
    Change<std::string> name;
    Replacement<Contacts> contacts;
    Change<std::int64_t> most_views;
    Replacement<Timestamp> expires_at;
};
BOOST_DESCRIBE_STRUCT(EditShare, (), (name, contacts, most_views, expires_at))

constexpr auto notes(EditShare*) {
    using namespace describe;
    return std::tuple{
        note(&EditShare::name, "What the link is for; nobody else sees it", length{1, 100}),
        note(&EditShare::contacts, "Whether e-mail, phone, street, site and profiles are shown"),
        note(
            &EditShare::most_views, "In all, those that were included; null for no limit",
            range{1, 1'000'000}
        ),
        note(
            &EditShare::expires_at,
            "From then on it leads nowhere; within a year. Also of one that has expired"
        ),
    };
}

// The only answer that ever holds the token.
struct MadeShare {
    ShareLink share;
    std::string token;
    std::string link;
};
BOOST_DESCRIBE_STRUCT(MadeShare, (), (share, token, link))

struct SharePage {
    std::vector<ShareLink> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(SharePage, (), (items, next_cursor))

// Nothing of who followed the link is kept.
struct ShareView {
    Id<ShareView> id;
    Timestamp viewed_at;
};
BOOST_DESCRIBE_STRUCT(ShareView, (), (id, viewed_at))

struct ViewPage {
    std::vector<ShareView> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(ViewPage, (), (items, next_cursor))

struct UnlockForm {
    std::optional<std::string> password;
};
BOOST_DESCRIBE_STRUCT(UnlockForm, (), (password))

constexpr auto notes(UnlockForm*) {
    using namespace describe;
    return std::tuple{note(&UnlockForm::password, "That of the link", length{1, 200})};
}

struct Unlock {
    std::string password;
};
BOOST_DESCRIBE_STRUCT(Unlock, (), (password))

constexpr auto notes(Unlock*) {
    using namespace describe;
    return std::tuple{note(&Unlock::password, "That of the link", length{1, 200})};
}

}  // namespace afterresume::sharing
