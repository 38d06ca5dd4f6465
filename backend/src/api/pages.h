// Whether a browser asks on behalf of a page of ours: by Origin (RFC 6454), by Fetch Metadata
// (W3C), which scripts cannot set, and by a body that no form can send. Owned by the gateway.
#pragma once

#include "api/origins.h"
#include "core/error.h"
#include "infra/http/message.h"

#include <optional>
#include <string>

namespace afterresume::api {

// Whether what no browser leaves out must be there.
enum class Sender { browser, anybody };

class Pages {
public:
    // Pages are ours at `public_url` and, by its scheme, at whatever host a request is sent to;
    // those of the trusted origins count as ours.
    Pages(const std::string& public_url, Origins trusted);

    // Forbidden ("request.foreign_page") or unsupported ("request.not_json"); nothing when the
    // request may come from a page of ours.
    std::optional<Error> refusal(const http::Request& request, Sender sender) const;

private:
    bool is_ours(std::string_view origin, std::string_view host) const;

    std::string scheme_;
    Origins trusted_;
};

}  // namespace afterresume::api
