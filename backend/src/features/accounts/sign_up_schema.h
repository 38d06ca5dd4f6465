// Sign-up on the wire.
#pragma once

#include "core/describe/notes.h"

#include <optional>
#include <string>

namespace afterresume::accounts {

struct SignUp {
    std::string email;
    std::string password;
    std::string display_name;
    std::optional<std::string> invitation;
    std::optional<std::string> time_zone;
};
BOOST_DESCRIBE_STRUCT(SignUp, (), (email, password, display_name, invitation, time_zone))

constexpr auto notes(SignUp*) {
    using namespace describe;
    return std::tuple{
        note(&SignUp::email, "Your address; you sign in with it", length{3, 254}, format{"email"}),
        note(&SignUp::password, "At least 10 characters that nobody would guess", length{1, 1024}),
        note(&SignUp::display_name, "Your name as others see it", length{1, 100}),
        note(
            &SignUp::invitation, "The code of your invitation, where sign-up needs one",
            length{1, 100}
        ),
        note(
            &SignUp::time_zone, "IANA name of your time zone; UTC when absent", format{"time-zone"}
        ),
    };
}

struct ConfirmSignUp {
    std::string code;
    std::string password;
};
BOOST_DESCRIBE_STRUCT(ConfirmSignUp, (), (code, password))

constexpr auto notes(ConfirmSignUp*) {
    using namespace describe;
    return std::tuple{
        note(&ConfirmSignUp::code, "The code of the mail's link", length{1, 100}),
        note(&ConfirmSignUp::password, "The password of that sign-up", length{1, 1024}),
    };
}

// What a sign-up is answered where a mail comes first, the same whether somebody has the address.
struct MailComesFirst {
    std::string status = "mail_sent";
    std::string message = "A mail to this address says how it goes on.";
};
BOOST_DESCRIBE_STRUCT(MailComesFirst, (), (status, message))

}  // namespace afterresume::accounts
