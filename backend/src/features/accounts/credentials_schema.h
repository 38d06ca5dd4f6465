// Addresses and passwords on the wire.
#pragma once

#include "core/describe/notes.h"

#include <string>

namespace afterresume::accounts {

struct ForgotPassword {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(ForgotPassword, (), (email))

constexpr auto notes(ForgotPassword*) {
    using namespace describe;
    return std::tuple{note(&ForgotPassword::email, "Your address", length{1, 254})};
}

struct ResetPassword {
    std::string code;
    std::string password;
};
BOOST_DESCRIBE_STRUCT(ResetPassword, (), (code, password))

constexpr auto notes(ResetPassword*) {
    using namespace describe;
    return std::tuple{
        note(&ResetPassword::code, "The code of the mail's link", length{1, 100}),
        note(&ResetPassword::password, "The new password", length{1, 1024}),
    };
}

struct ChangePassword {
    std::string current;
    std::string password;
};
BOOST_DESCRIBE_STRUCT(ChangePassword, (), (current, password))

constexpr auto notes(ChangePassword*) {
    using namespace describe;
    return std::tuple{
        note(&ChangePassword::current, "The password until now", length{1, 1024}),
        note(&ChangePassword::password, "The new password", length{1, 1024}),
    };
}

struct VerifyEmail {
    std::string code;
};
BOOST_DESCRIBE_STRUCT(VerifyEmail, (), (code))

constexpr auto notes(VerifyEmail*) {
    using namespace describe;
    return std::tuple{note(&VerifyEmail::code, "The code of the mail's link", length{1, 100})};
}

}  // namespace afterresume::accounts
