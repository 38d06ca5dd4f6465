#include "infra/mail/smtp.h"

#include "core/error.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace afterresume::mail {

namespace {

struct CurlCloser {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListCloser {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// What is left of a mail to be read by libcurl.
struct Rest {
    std::string_view text;
};

std::size_t read_some(char* out, std::size_t size, std::size_t count, void* from) {
    auto& rest = *static_cast<Rest*>(from);
    auto taken = std::min(rest.text.size(), size * count);
    std::memcpy(out, rest.text.data(), taken);
    rest.text.remove_prefix(taken);
    return taken;
}

struct Said {
    CURLcode code = CURLE_OK;
    long reply = 0;
};

void set_up(CURL* curl, const SmtpOptions& options) {
    auto implicit = options.tls == Tls::implicit;
    auto url = fmt::format("{}://{}:{}", implicit ? "smtps" : "smtp", options.host, options.port);
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    auto level = options.tls == Tls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL;
    curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(level));
    if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
    if (!options.user.empty()) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, options.user.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, options.password.c_str());
    }
    curl_easy_setopt(
        curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_within.count())
    );
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.end_within.count()));
}

Said deliver(
    const SmtpOptions& options, const std::string& from, const std::string& to,
    const std::string& text
) {
    std::unique_ptr<CURL, CurlCloser> handle(curl_easy_init());
    auto* curl = handle.get();
    set_up(curl, options);
    std::unique_ptr<curl_slist, ListCloser> receivers(curl_slist_append(nullptr, to.c_str()));
    Rest rest{text};
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, receivers.get());
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, &read_some);
    curl_easy_setopt(curl, CURLOPT_READDATA, &rest);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    Said said;
    said.code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &said.reply);
    return said;
}

}  // namespace

Task<void> Smtp::send(Message message) {
    auto text = mime_of(message, from_, clock_.now());
    auto away = [] {
        return Error(ErrorKind::unavailable, "mail.away", "The mail server cannot be reached.")
            .retry_after(30);
    };
    if (!breaker_.allows(std::chrono::steady_clock::now())) throw away();
    auto work = [&] { return deliver(options_, from_.address, message.to.address, text); };
    auto said = co_await threads_.run(work);
    // A reply of 500 and more is about this mail (RFC 5321 section 4.2.1), unless it is about us.
    auto refused_us = said.code == CURLE_LOGIN_DENIED || said.code == CURLE_USE_SSL_FAILED;
    auto refused = said.code != CURLE_OK && said.reply >= 500 && said.reply < 600 && !refused_us;
    if (said.code == CURLE_OK || refused || said.reply >= 400) {
        breaker_.succeeded();
    } else {
        breaker_.failed(std::chrono::steady_clock::now());
    }
    if (said.code == CURLE_OK) co_return;
    if (refused)
        throw Error(
            ErrorKind::invalid, "mail.refused",
            fmt::format("The mail server refused the mail ({}).", said.reply)
        );
    if (said.reply < 400) throw away();
    throw Error(
        ErrorKind::upstream, "mail.not_taken",
        fmt::format("The mail server did not take the mail ({}).", said.reply)
    );
}

}  // namespace afterresume::mail
