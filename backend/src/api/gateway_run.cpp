// The transaction that a route runs in, and what an Idempotency-Key makes of it.
#include "api/gateway.h"

#include "infra/crypto/crypto.h"

namespace afterresume::api {

using http::Transaction;

namespace {

constexpr std::string_view already_answered = "idempotency.answered";

// The tenant is part of the request: the same words mean something else in another.
std::optional<Keyed> keyed_by(http::Call& call, const http::Route& route) {
    const auto& request = call.request();
    auto key = request.header("idempotency-key");
    if (key.empty() || !route.takes_key()) return std::nullopt;
    if (key.size() > http::longest_key)
        throw Error(
            ErrorKind::malformed, "idempotency.too_long",
            "An Idempotency-Key has at most 200 bytes."
        );
    auto tenant = std::to_string(call.scope().tenant().value);
    return Keyed{
        route.method + " " + route.pattern, std::string(key),
        crypto::sha256(tenant + '\n' + request.target + '\n' + request.body)
    };
}

}  // namespace

Task<http::Response> Gateway::run(http::Call& call, const http::Route& route) {
    if (route.transaction == Transaction::none) co_return co_await route.run(call);
    if (auto keyed = keyed_by(call, route))
        co_return co_await run_keyed(call, route, std::move(*keyed));
    if (route.transaction == Transaction::late) {
        http::Dispatch::begin_by(call, [this, &call](Scope scope) {
            return begin_late(call, std::move(scope));
        });
    } else {
        http::Dispatch::begin(call, begin(call, route));
    }
    auto response = co_await route.run(call);
    if (route.transaction != Transaction::read) co_await call.tx().commit();
    co_return response;
}

std::unique_ptr<sql::Tx> Gateway::begin(const http::Call& call, const http::Route& route) {
    auto access = route.transaction == Transaction::write ? sql::Access::write : sql::Access::read;
    if (route.staff) return parts_.database.begin_engine(access);
    return call.signed_in() ? parts_.database.begin(call.scope(), access)
                            : parts_.database.begin_anonymous(access);
}

Task<void> Gateway::begin_late(http::Call& call, Scope scope) {
    http::Dispatch::begin(call, parts_.database.begin(scope, sql::Access::write));
    co_return;
}

Task<http::Response> Gateway::run_keyed(http::Call& call, const http::Route& route, Keyed keyed) {
    std::exception_ptr refused;
    bool answered = false;
    try {
        co_return co_await act_keyed(call, route, keyed);
    } catch (const Error& error) {
        refused = std::current_exception();
        answered = error.code() == already_answered;
    } catch (...) {
        refused = std::current_exception();
    }
    std::optional<http::Response> known;
    if (answered) {
        // What a transaction has seen is durable when it is.
        known = co_await idempotency_.find(call.tx(), call.scope(), keyed);
        co_await call.tx().commit();
    } else {
        // Whoever is told of an error may send the key again at once; its lock must be gone by
        // then.
        if (call.has_begun()) co_await call.tx().rollback();
        // What stands in the way of doing it may be that it has been done.
        auto tx = parts_.database.begin(call.scope(), sql::Access::read);
        known = co_await idempotency_.find(*tx, call.scope(), keyed);
    }
    if (known) co_return std::move(*known);
    std::rethrow_exception(refused);
}

Task<http::Response> Gateway::act_keyed(
    http::Call& call, const http::Route& route, const Keyed& keyed
) {
    auto place = call.scope();
    http::Dispatch::begin_by(call, [&](Scope scope) {
        place = std::move(scope);
        return begin_keyed(call, place, keyed);
    });
    if (route.transaction == Transaction::write) co_await call.begin(place);
    auto response = co_await route.run(call);
    co_await idempotency_.keep(call.tx(), place, keyed, response);
    co_await call.tx().commit();
    co_return response;
}

Task<void> Gateway::begin_keyed(http::Call& call, const Scope& scope, const Keyed& keyed) {
    co_await begin_late(call, scope);
    co_await idempotency_.claim(call.tx(), scope, keyed);
}

}  // namespace afterresume::api
