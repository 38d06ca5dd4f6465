// Mails as files of a folder, one .eml a mail, for installations without a mail server: what lies
// there can be read by its owner and sent by any program.
#pragma once

#include "infra/mail/sender.h"

#include <filesystem>
#include <functional>

namespace afterresume::mail {

class Outbox final : public Sender {
public:
    // Writes a file as a whole, for its owner alone.
    using Write = std::function<void(const std::filesystem::path& path, const std::string& text)>;

    Outbox(std::filesystem::path folder, Address from, const Clock& clock, Write write)
        : folder_(std::move(folder)),
          from_(std::move(from)),
          clock_(clock),
          write_(std::move(write)) {}
    // The file is named after the mail's id: sent again, it replaces itself.
    Task<void> send(Message message) override;

private:
    std::filesystem::path folder_;
    Address from_;
    const Clock& clock_;
    Write write_;
};

}  // namespace afterresume::mail
