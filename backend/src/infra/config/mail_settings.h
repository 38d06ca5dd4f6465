// How mails go out. Read as a part of Settings.
#pragma once

#include "core/describe/notes.h"
#include "infra/config/types.h"

#include <cstdint>
#include <string>

namespace afterresume::config {

struct MailSettings {
    std::string email_host;
    std::int64_t email_port = 587;
    std::string email_host_user;
    std::string email_host_password;
    bool email_use_tls = true;
    std::string email_from;
};
BOOST_DESCRIBE_STRUCT(
    MailSettings, (),
    (email_host, email_port, email_host_user, email_host_password, email_use_tls, email_from)
)

constexpr auto notes(MailSettings*) {
    using namespace describe;
    using S = MailSettings;
    return std::tuple{
        note(
            &S::email_host,
            "Mail server that mails go through, by SMTP; they lie in DATA_DIR/outbox when empty"
        ),
        note(
            &S::email_port, "Its port; 465 speaks TLS from the first byte, others by STARTTLS",
            range{1, 65535}
        ),
        note(&S::email_host_user, "User name for the mail server, if it wants one"),
        note(&S::email_host_password, "Password for the mail server", secret{}),
        note(&S::email_use_tls, "Whether the mail server must speak TLS and prove who it is"),
        note(
            &S::email_from,
            "Sender of mails, as Name <address>; no-reply at the host of PUBLIC_URL when empty"
        ),
    };
}

}  // namespace afterresume::config
