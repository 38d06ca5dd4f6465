// A mail as it goes out: text and HTML of the same content. Values and pure functions only.
#pragma once

#include "core/clock.h"

#include <string>

namespace afterresume::mail {

struct Address {
    std::string name;
    std::string address;
};

struct Message {
    Address to;
    std::string subject;
    std::string text;
    std::string html;
    // The same for the same mail, so that a second delivery is known as one. Characters of a
    // Message-ID's left side.
    std::string id;
};

// "Name <address>" or an address alone. Throws Error(invalid, "mail.address") for anything that
// could be more than one address or another header.
Address address_of(const std::string& text);

// RFC 5322 with CRLF: multipart/alternative (RFC 2046) of text and HTML, header words encoded as
// RFC 2047 says. Throws Error(invalid, "mail.address").
std::string mime_of(const Message& message, const Address& from, Timestamp now);

}  // namespace afterresume::mail
