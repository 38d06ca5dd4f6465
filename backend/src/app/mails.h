// How mails leave the house, as the settings say.
#pragma once

#include "infra/config/settings.h"
#include "infra/mail/sender.h"

#include <memory>

namespace afterresume::app {

// Through EMAIL_HOST, or into DATA_DIR/outbox without one. Throws Error(invalid, "mail.address")
// for an EMAIL_FROM that is none. The clock must outlive it.
std::unique_ptr<mail::Sender> open_mail(const config::Settings& settings, const Clock& clock);

}  // namespace afterresume::app
