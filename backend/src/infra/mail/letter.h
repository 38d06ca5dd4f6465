// What the program writes to people, as a feature asks for it and as a mail says it.
#pragma once

#include "core/describe/traits.h"
#include "infra/mail/message.h"

namespace afterresume::mail {

enum class Kind : std::uint8_t {
    verification,
    password_reset,
    password_changed,
    second_factor_reset,
    invitation,
    sign_up,
    address_taken
};
BOOST_DESCRIBE_ENUM(
    Kind, verification, password_reset, password_changed, second_factor_reset, invitation, sign_up,
    address_taken
)

struct Letter {
    Kind kind = Kind::verification;
    std::string to;
    // Of whom it is written to; of an invitation, of who invites; absent where nobody is known yet.
    std::string name;
    // What it is all about, and how long that can be followed; both absent when there is nothing to
    // follow.
    std::string link;
    std::int64_t hours = 0;
};
BOOST_DESCRIBE_STRUCT(Letter, (), (kind, to, name, link, hours))

Message message_of(const Letter& letter, std::string id);

}  // namespace afterresume::mail
