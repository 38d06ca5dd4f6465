// Proof that a request of a page came through the page's own server, and as it was sent. It is
// `timestamp:nonce:body:signature` in X-Service-Token: Unix seconds; 16 to 64 letters and digits of
// base64url, used once; the SHA-256 of the body in hex; and in hex HMAC-SHA256, under the common
// secret, of these three with method, target, content type and length of the body, one a line:
// timestamp, nonce, method, target, content type, length, body. It says nothing about who asks.
#pragma once

#include "api/nonces.h"
#include "infra/http/message.h"

#include <string>
#include <vector>

namespace afterresume::api {

class ServiceTokens {
public:
    // The present secret first, then former ones. Without any, no token is wanted.
    ServiceTokens(std::vector<std::string> secrets, const Clock& clock, Nonces& nonces);

    bool wanted() const { return !secrets_.empty(); }
    // Throws Error(forbidden, "request.service_token") unless the request carries a token that was
    // made for it within five minutes, and was not used.
    Task<void> check(const http::Request& request);

private:
    std::vector<std::string> secrets_;
    const Clock& clock_;
    Nonces& nonces_;
};

// The token for a request, as the page's server makes it.
std::string service_token(
    const std::string& secret, const http::Request& request, Timestamp now, const std::string& nonce
);

}  // namespace afterresume::api
