#include "infra/mail/message.h"

#include "core/error.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <memory>

namespace afterresume::mail {

namespace {

struct Unref {
    template <class T>
    void operator()(T* object) const {
        g_object_unref(object);
    }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

struct FormatCloser {
    void operator()(GMimeFormatOptions* options) const { g_mime_format_options_free(options); }
};
struct TextCloser {
    void operator()(char* text) const { g_free(text); }
};
using OwnedText = std::unique_ptr<char, TextCloser>;

void ready() {
    static const bool started = [] {
        g_mime_init();
        return true;
    }();
    static_cast<void>(started);
}

// Printable ASCII without what ends or begins an address; one @ with something on both sides.
bool is_address(std::string_view text) {
    auto at = text.find('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) return false;
    if (text.find('@', at + 1) != std::string_view::npos || text.size() > 254) return false;
    return std::ranges::all_of(text, [](unsigned char c) {
        constexpr std::string_view special = "<>()[]\\,;:\"";
        return c > 0x20 && c != 0x7f && special.find(static_cast<char>(c)) == special.npos;
    });
}

void require_address(const std::string& address) {
    if (!is_address(address))
        throw Error(ErrorKind::invalid, "mail.address", "That is no e-mail address.");
}

// A name in a header is one line.
std::string one_line(std::string text) {
    std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return text;
}

Owned<GMimePart> part_of(const char* subtype, const std::string& text) {
    Owned<GMimePart> part(g_mime_part_new_with_type("text", subtype));
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part.get()), "charset", "utf-8");
    Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(text.data(), text.size()));
    Owned<GMimeDataWrapper> content(
        g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT)
    );
    g_mime_part_set_content(part.get(), content.get());
    g_mime_part_set_content_encoding(part.get(), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    return part;
}

std::string domain_of(const std::string& address) { return address.substr(address.find('@') + 1); }

}  // namespace

Address address_of(const std::string& text) {
    auto open = text.find('<');
    Address out;
    out.address = text;
    if (open != std::string::npos && text.ends_with('>')) {
        out.address = text.substr(open + 1, text.size() - open - 2);
        out.name = text.substr(0, open);
        while (out.name.ends_with(' ')) out.name.pop_back();
    }
    require_address(out.address);
    return out;
}

std::string mime_of(const Message& message, const Address& from, Timestamp now) {
    ready();
    require_address(message.to.address);
    require_address(from.address);
    Owned<GMimeMessage> mail(g_mime_message_new(TRUE));
    auto name_of = [](const Address& address) { return one_line(address.name); };
    g_mime_message_add_mailbox(
        mail.get(), GMIME_ADDRESS_TYPE_FROM, name_of(from).c_str(), from.address.c_str()
    );
    g_mime_message_add_mailbox(
        mail.get(), GMIME_ADDRESS_TYPE_TO, name_of(message.to).c_str(), message.to.address.c_str()
    );
    g_mime_message_set_subject(mail.get(), one_line(message.subject).c_str(), "utf-8");
    auto id = message.id + "@" + domain_of(from.address);
    g_mime_message_set_message_id(mail.get(), id.c_str());
    auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    std::unique_ptr<GDateTime, decltype(&g_date_time_unref)> date(
        g_date_time_new_from_unix_utc(seconds), &g_date_time_unref
    );
    g_mime_message_set_date(mail.get(), date.get());
    // No answer of a machine is wanted (RFC 3834).
    g_mime_object_set_header(GMIME_OBJECT(mail.get()), "Auto-Submitted", "auto-generated", "utf-8");
    Owned<GMimeMultipart> both(g_mime_multipart_new_with_subtype("alternative"));
    auto text = part_of("plain", message.text);
    auto html = part_of("html", message.html);
    g_mime_multipart_add(both.get(), GMIME_OBJECT(text.get()));
    g_mime_multipart_add(both.get(), GMIME_OBJECT(html.get()));
    g_mime_message_set_mime_part(mail.get(), GMIME_OBJECT(both.get()));
    std::unique_ptr<GMimeFormatOptions, FormatCloser> format(g_mime_format_options_new());
    g_mime_format_options_set_newline_format(format.get(), GMIME_NEWLINE_FORMAT_DOS);
    OwnedText out(g_mime_object_to_string(GMIME_OBJECT(mail.get()), format.get()));
    return out.get();
}

}  // namespace afterresume::mail
