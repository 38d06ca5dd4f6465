#include "infra/http/call.h"

#include <charconv>

namespace afterresume::http {

namespace {

std::optional<std::int64_t> positive(std::string_view text) {
    std::int64_t value = 0;
    auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size() || value < 1 ||
        value >= (std::int64_t{1} << 53))
        return std::nullopt;
    return value;
}

}  // namespace

Match Call::match() const {
    auto text = request_.header("if-match");
    if (text.empty()) {
        throw Error(
            ErrorKind::precondition_required, "request.if_match_missing",
            "Say which version you saw by If-Match with its ETag, or * to overwrite whatever is "
            "there."
        );
    }
    if (text == "*") return {};
    // Of "7-1f0c", the version is 7, whatever the rest tells of the content.
    auto quoted = text.size() > 2 && text.front() == '"' && text.back() == '"';
    auto inside = quoted ? text.substr(1, text.size() - 2) : std::string_view();
    auto version = positive(inside.substr(0, inside.find('-')));
    if (!version)
        throw Error(
            ErrorKind::precondition, "request.changed_meanwhile",
            "If-Match names no version of this."
        );
    return {version};
}

std::int64_t Call::next_id() {
    auto id = positive(path_.at(used_++));
    if (!id) throw Error::not_found("thing");
    return *id;
}

Uuid Call::next_uuid() {
    auto id = Uuid::parse(path_.at(used_++));
    if (!id) throw Error::not_found("thing");
    return *id;
}

std::string Call::next_text() { return path_.at(used_++); }

}  // namespace afterresume::http
