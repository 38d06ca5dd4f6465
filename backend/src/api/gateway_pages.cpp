// Who sends a request, and whether a page of ours had the browser send it.
#include "api/gateway.h"

namespace afterresume::api {

namespace {

Error wrong_csrf_token() {
    return Error(
        ErrorKind::forbidden, "request.csrf_token",
        "X-CSRF-Token is not the one of this session; GET /system/auth/me/ gives it."
    );
}

bool is_by_cookie(const http::Request& request, const http::Route& route) {
    return credential_of(request, route).carrier == Carrier::cookie;
}

}  // namespace

Task<Scope> Gateway::identify(Credential credential, Uuid correlation) {
    if (credential.carrier == Carrier::bearer)
        co_return co_await parts_.sign_in.authenticate(credential.text, correlation);
    auto scope = co_await parts_.staff_sign_in.find(std::move(credential.text), correlation);
    if (!scope) throw accounts::not_signed_in();
    co_return *scope;
}

std::optional<Error> Gateway::page_refusal(http::Call& call, const http::Route& route) const {
    const auto& request = call.request();
    auto by_cookie = call.signed_in() && is_by_cookie(request, route);
    if (route.method == "GET" || (!by_cookie && !route.with_cookie)) return std::nullopt;
    auto refused = borders_.pages.refusal(request, route.staff ? Sender::browser : Sender::anybody);
    if (refused || !by_cookie) return refused;
    auto token = request.header(accounts::csrf_header);
    if (!parts_.staff_sign_in.is_csrf_token(call.scope(), token)) return wrong_csrf_token();
    return std::nullopt;
}

}  // namespace afterresume::api
