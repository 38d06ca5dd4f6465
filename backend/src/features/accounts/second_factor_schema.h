// Second factors on the wire.
#pragma once

#include "core/describe/notes.h"

#include <string>
#include <vector>

namespace afterresume::accounts {

struct LoginCode {
    std::string mfa_token;
    std::string code;
};
BOOST_DESCRIBE_STRUCT(LoginCode, (), (mfa_token, code))

constexpr auto notes(LoginCode*) {
    using namespace describe;
    return std::tuple{
        note(&LoginCode::mfa_token, "What the first step of the sign-in gave", length{1, 100}),
        note(&LoginCode::code, "A code of your authenticator, or a recovery code", length{1, 40}),
    };
}

struct FactorCode {
    std::string code;
};
BOOST_DESCRIBE_STRUCT(FactorCode, (), (code))

constexpr auto notes(FactorCode*) {
    using namespace describe;
    return std::tuple{
        note(&FactorCode::code, "A code of your authenticator, or a recovery code", length{1, 40}),
    };
}

// Shown once. The secret counts when a code of it has confirmed it.
struct Enrolment {
    std::string secret;
    std::string uri;
    std::string qr_svg;
};
BOOST_DESCRIBE_STRUCT(Enrolment, (), (secret, uri, qr_svg))

constexpr auto notes(Enrolment*) {
    using namespace describe;
    return std::tuple{
        note(&Enrolment::secret, "In base32, for authenticators that are typed into"),
        note(&Enrolment::uri, "The same as otpauth://"),
        note(&Enrolment::qr_svg, "The same as a QR code, an SVG image"),
    };
}

// Shown once; each stands in for a code of the authenticator, once.
struct RecoveryCodes {
    std::vector<std::string> recovery_codes;
};
BOOST_DESCRIBE_STRUCT(RecoveryCodes, (), (recovery_codes))

}  // namespace afterresume::accounts
