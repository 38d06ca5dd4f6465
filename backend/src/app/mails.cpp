#include "app/mails.h"

#include "app/keys.h"
#include "infra/config/load.h"
#include "infra/mail/outbox.h"
#include "infra/mail/smtp.h"

namespace afterresume::app {

namespace {

constexpr std::int64_t implicit_tls_port = 465;

mail::Tls tls_of(const config::Settings& settings) {
    if (!settings.email_use_tls) return mail::Tls::none;
    return settings.email_port == implicit_tls_port ? mail::Tls::implicit : mail::Tls::starttls;
}

}  // namespace

std::unique_ptr<mail::Sender> open_mail(const config::Settings& settings, const Clock& clock) {
    auto from = mail::address_of(config::email_from(settings));
    if (settings.email_host.empty()) {
        auto folder = std::filesystem::path(settings.data_dir) / "outbox";
        return std::make_unique<mail::Outbox>(folder, from, clock, &write_private_file);
    }
    mail::SmtpOptions options;
    options.host = settings.email_host;
    options.port = static_cast<int>(settings.email_port);
    options.user = settings.email_host_user;
    options.password = settings.email_host_password;
    options.tls = tls_of(settings);
    return std::make_unique<mail::Smtp>(std::move(options), from, clock);
}

}  // namespace afterresume::app
