// Who is let in first, and who besides. Read as a part of Settings.
#pragma once

#include "core/describe/notes.h"
#include "infra/config/types.h"

#include <string>

namespace afterresume::config {

struct AccountSettings {
    std::string admin_email;
    std::string admin_password;
    std::string admin_username;
    SignupMode signup_mode = SignupMode::invite;
};
BOOST_DESCRIBE_STRUCT(
    AccountSettings, (), (admin_email, admin_password, admin_username, signup_mode)
)

constexpr auto notes(AccountSettings*) {
    using namespace describe;
    using S = AccountSettings;
    return std::tuple{
        note(
            &S::admin_email,
            "E-mail address of the first owner or an operator, read by bootstrap and create-admin"
        ),
        note(&S::admin_password, "Their password, read by bootstrap and create-admin", secret{}),
        note(&S::admin_username, "Their display name, read by bootstrap and create-admin"),
        note(
            &S::signup_mode,
            "Whether signing up needs an invitation; open to all it goes by the code of a mail, "
            "or, without EMAIL_HOST, at once, and then tells who has an account"
        ),
    };
}

}  // namespace afterresume::config
