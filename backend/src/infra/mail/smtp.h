// Mails by SMTP (RFC 5321), through libcurl on threads of its own: a server that hangs holds up
// nothing else.
#pragma once

#include "core/work_pool.h"
#include "infra/breaker/breaker.h"
#include "infra/mail/sender.h"

#include <chrono>

namespace afterresume::mail {

enum class Tls {
    none,
    // Required: a server that does not offer it gets neither password nor mail (RFC 3207).
    starttls,
    // From the first byte, as on port 465 (RFC 8314).
    implicit,
};

struct SmtpOptions {
    std::string host;
    int port = 587;
    std::string user;
    std::string password;
    Tls tls = Tls::starttls;
    // Certificates to believe instead of the system's, as a file.
    std::string ca_file;
    std::chrono::milliseconds connect_within{10'000};
    std::chrono::milliseconds end_within{60'000};
};

class Smtp final : public Sender {
public:
    Smtp(SmtpOptions options, Address from, const Clock& clock)
        : options_(std::move(options)), from_(std::move(from)), clock_(clock) {}
    Task<void> send(Message message) override;

private:
    SmtpOptions options_;
    Address from_;
    const Clock& clock_;
    WorkPool threads_{2};
    breaker::Breaker breaker_;
};

}  // namespace afterresume::mail
