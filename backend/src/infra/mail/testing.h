// A mail server of its own for a test, on a free port of this machine (tools/test-smtp). Owned by
// the test, which runs in backend/.
#pragma once

#include "infra/mail/smtp.h"

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace afterresume::mail {

class TestServer {
public:
    enum class Speaks { plainly, starttls, implicit_tls };

    // Insists on the login "user:password" unless it is empty. `reply` is what it answers to every
    // receiver instead of taking the mail.
    explicit TestServer(
        Speaks speaks = Speaks::plainly, const std::string& login = {},
        const std::string& reply = {}
    );
    ~TestServer();
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    // To reach it, without user and password.
    SmtpOptions options() const;
    // As they came, the envelope in X-MailFrom and X-RcptTo above each.
    std::vector<std::string> mails() const;
    // As SIGKILL does.
    void kill();

private:

    Speaks speaks_;
    std::filesystem::path folder_;
    int port_ = 0;
    int input_ = -1;
    pid_t process_ = 0;
};

}  // namespace afterresume::mail
