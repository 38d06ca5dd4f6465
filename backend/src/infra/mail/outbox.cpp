#include "infra/mail/outbox.h"

#include "core/error.h"

namespace afterresume::mail {

Task<void> Outbox::send(Message message) {
    auto text = mime_of(message, from_, clock_.now());
    std::error_code failure;
    auto made = std::filesystem::create_directories(folder_, failure);
    if (made) std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, failure);
    if (failure)
        throw Error(ErrorKind::unavailable, "mail.outbox", "The outbox cannot be written.");
    write_(folder_ / (message.id + ".eml"), text);
    co_return;
}

}  // namespace afterresume::mail
