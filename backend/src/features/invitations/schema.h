// Invitations on the wire.
#pragma once

#include "core/list_more.h"
#include "features/invitations/model.h"

namespace afterresume::invitations {

struct CreateInvitation {
    std::optional<std::string> email;
    Role role = Role::member;
    std::optional<std::int64_t> valid_days;
};
BOOST_DESCRIBE_STRUCT(CreateInvitation, (), (email, role, valid_days))

constexpr auto notes(CreateInvitation*) {
    using namespace describe;
    return std::tuple{
        note(&CreateInvitation::email, "Only this address may redeem it", format{"email"}),
        note(&CreateInvitation::role, "The role the new member gets; below your own"),
        note(&CreateInvitation::valid_days, "Days until it expires; 7 when absent", range{1, 90}),
    };
}

// The only answer that ever holds the code.
struct MadeInvitation {
    Invitation invitation;
    std::string code;
    std::string link;
};
BOOST_DESCRIBE_STRUCT(MadeInvitation, (), (invitation, code, link))

struct InvitationPage {
    std::vector<Invitation> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(InvitationPage, (), (items, next_cursor))

struct CheckInvitation {
    std::string code;
};
BOOST_DESCRIBE_STRUCT(CheckInvitation, (), (code))

constexpr auto notes(CheckInvitation*) {
    using namespace describe;
    return std::tuple{note(&CheckInvitation::code, "The code of the link", length{1, 100})};
}

struct InvitationState {
    bool usable = false;
};
BOOST_DESCRIBE_STRUCT(InvitationState, (), (usable))

}  // namespace afterresume::invitations
