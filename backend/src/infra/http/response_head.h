// The text of a response's head, and the decision to compress its body.
#pragma once

#include "infra/http/gzip.h"
#include "infra/http/message.h"

#include <optional>
#include <string>
#include <string_view>

namespace afterresume::http {

// What a response says about the connection and about the length of its body.
struct Framing {
    bool keep_alive = true;
    bool chunked = false;
    std::optional<std::uint64_t> length{};
    bool http_1_0 = false;
};

// Appends status line and header fields with the empty line that ends them. `common_lines` are sent
// as they are, but for those that the response replaces. A field with a line break in it is left
// out: it would start a field of its own.
void append_head(
    std::string& into, const Response& response, const Framing& framing,
    std::string_view common_lines
);

// Whether a response of that status has a body at all (RFC 9110, section 6.4.1).
bool may_have_body(int status);

// Compresses the body when it is worth while and the client takes it, and says so in the headers.
void compress(Response& response, const Request& request, std::unique_ptr<Gzip>& gzip);

}  // namespace afterresume::http
