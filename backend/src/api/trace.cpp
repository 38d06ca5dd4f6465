#include "api/trace.h"

#include "core/scope_mint.h"
#include "infra/crypto/crypto.h"

#include <fmt/format.h>

#include <algorithm>

namespace afterresume::api {

namespace {

constexpr std::string_view trace_header = "traceparent";
// version "-" trace-id "-" parent-id "-" trace-flags
constexpr std::string_view form = "00-00000000000000000000000000000000-0000000000000000-00";
constexpr std::size_t id_at = 3;
constexpr std::size_t id_size = 32;
constexpr std::size_t parent_at = 36;
constexpr std::size_t parent_size = 16;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool is_nothing(std::string_view digits) {
    return digits.find_first_not_of('0') == std::string_view::npos;
}

bool has_form(std::string_view text) {
    auto same = [](char c, char wanted) { return wanted == '-' ? c == '-' : is_hex(c); };
    if (text.size() < form.size() || !std::ranges::equal(text.substr(0, form.size()), form, same))
        return false;
    if (text.substr(0, 2) == "ff") return false;
    if (text.size() == form.size()) return true;
    return text.substr(0, 2) != "00" && text[form.size()] == '-';
}

std::optional<Uuid> id_of(std::string_view digits) {
    return Uuid::parse(fmt::format(
        "{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4), digits.substr(12, 4),
        digits.substr(16, 4), digits.substr(20)
    ));
}

}  // namespace

std::optional<Trace> trace_of(const http::Headers& headers) {
    if (headers.count(trace_header) != 1) return std::nullopt;
    auto text = headers.get(trace_header);
    if (!has_form(text)) return std::nullopt;
    auto digits = text.substr(id_at, id_size);
    if (is_nothing(digits) || is_nothing(text.substr(parent_at, parent_size))) return std::nullopt;
    auto flags = text[form.size() - 1];
    auto low = flags <= '9' ? flags - '0' : flags - 'a' + 10;
    return Trace{*id_of(digits), low % 2 == 1};
}

std::string text_of(const Trace& trace) {
    auto text = trace.id.text();
    std::erase(text, '-');
    return text;
}

std::string traceparent_of(const Trace& trace) {
    return fmt::format(
        "00-{}-{}-0{}", text_of(trace), crypto::hex(crypto::random(parent_size / 2)),
        trace.sampled ? 1 : 0
    );
}

Scope within(const Scope& scope, const Trace& trace) {
    Identity identity;
    identity.tenant = scope.tenant();
    identity.user = scope.user();
    identity.role = scope.role();
    identity.staff = scope.is_staff();
    identity.session = scope.session();
    identity.time_zone = scope.time_zone();
    if (scope.is_limited()) {
        identity.limited_to.emplace();
        for (auto one :
             {Permission::read, Permission::write, Permission::manage, Permission::own}) {
            if (scope.may(one)) identity.limited_to->push_back(one);
        }
    }
    identity.cause = scope.cause();
    identity.cause.trace = trace.id;
    return ScopeMint::mint(identity);
}

}  // namespace afterresume::api
