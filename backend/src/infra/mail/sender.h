// Gets a mail out of the house: to a mail server, or into a folder where none is set up. Owned by
// app/.
#pragma once

#include "core/task.h"
#include "infra/mail/message.h"

#include <string>

namespace afterresume::mail {

class Sender {
public:
    virtual ~Sender() = default;
    // The mail has been taken over when it returns. Throws Error: unavailable or upstream when it
    // is worth trying again later, invalid ("mail.refused", "mail.address") when it is not.
    virtual Task<void> send(Message message) = 0;
};

}  // namespace afterresume::mail
