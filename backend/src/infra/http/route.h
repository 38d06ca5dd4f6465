// Routes: the one declaration that dispatches, validates and documents an operation. A slice's
// api.cpp derives its class from Controller and lists its routes like a table of contents.
#pragma once

#include "infra/http/answer.h"
#include "infra/http/operation.h"
#include "infra/http/query.h"

#include <optional>
#include <string>

namespace afterresume::http {

template <class T>
concept path_value =
    describe::id_like<T> || std::is_same_v<T, Uuid> || std::is_same_v<T, std::string>;

// Takes one handler argument from the path, the body or the query string.
template <class Argument>
Argument take_argument(Call& call, bool from_body) {
    if constexpr (describe::id_like<Argument>) {
        return Argument{call.next_id()};
    } else if constexpr (std::is_same_v<Argument, Uuid>) {
        return call.next_uuid();
    } else if constexpr (std::is_same_v<Argument, std::string>) {
        return call.next_text();
    } else if (from_body) {
        return describe::parse<Argument>(
            call.request().body.empty() ? std::string_view("{}")
                                        : std::string_view(call.request().body)
        );
    } else {
        return read_query<Argument>(call.request().query);
    }
}

template <class Derived>
class Controller {
public:
    template <class Owner, class Result, class... Arguments>
    using Handler = Task<Result> (Owner::*)(Call&, Arguments...);

protected:
    template <class H>
    Route get(
        std::string pattern, std::string summary, std::optional<Permission> permission, H handler
    ) {
        return make(
            "GET", Transaction::read, std::move(pattern), std::move(summary), permission, handler
        );
    }
    template <class H>
    Route post(
        std::string pattern, std::string summary, std::optional<Permission> permission, H handler
    ) {
        return make(
            "POST", Transaction::write, std::move(pattern), std::move(summary), permission, handler
        );
    }
    template <class H>
    Route put(
        std::string pattern, std::string summary, std::optional<Permission> permission, H handler
    ) {
        return make(
            "PUT", Transaction::write, std::move(pattern), std::move(summary), permission, handler
        );
    }
    template <class H>
    Route patch(
        std::string pattern, std::string summary, std::optional<Permission> permission, H handler
    ) {
        return make(
            "PATCH", Transaction::write, std::move(pattern), std::move(summary), permission, handler
        );
    }
    template <class H>
    Route remove(
        std::string pattern, std::string summary, std::optional<Permission> permission, H handler
    ) {
        return make(
            "DELETE", Transaction::write, std::move(pattern), std::move(summary), permission,
            handler
        );
    }

private:
    template <class Owner, class Result, class... Arguments>
    Route make(
        std::string method, Transaction mode, std::string pattern, std::string summary,
        std::optional<Permission> permission, Handler<Owner, Result, Arguments...> handler
    ) {
        auto* self = static_cast<Derived*>(this);
        bool from_body = method == "POST" || method == "PUT" || method == "PATCH";
        Route route;
        route.method = std::move(method);
        route.pattern = std::move(pattern);
        route.summary = std::move(summary);
        route.permission = permission;
        route.transaction = mode;
        route.run = [self, handler, from_body](Call& call) {
            return invoke(*self, handler, call, from_body);
        };
        route.describe = [from_body](describe::Schemas& schemas) {
            return operation<Result, Arguments...>(schemas, from_body);
        };
        return route;
    }

    template <class Owner, class Result, class... Arguments>
    static Task<Response> invoke(
        Derived& self, Handler<Owner, Result, Arguments...> handler, Call& call, bool from_body
    ) {
        std::tuple<Arguments...> values{take_argument<Arguments>(call, from_body)...};
        auto result = co_await std::apply(
            [&](Arguments&... each) { return (self.*handler)(call, std::move(each)...); }, values
        );
        co_return Answer<Result>::make(std::move(result));
    }

    template <class Result, class... Arguments>
    static Operation operation(describe::Schemas& schemas, bool from_body) {
        Operation out;
        out.answer = Answer<Result>::schema(schemas);
        out.status = Answer<Result>::status;
        [[maybe_unused]] auto add = [&]<class Argument>() {
            if constexpr (!path_value<Argument>)
                (from_body ? out.body : out.query) = schemas.of<Argument>();
        };
        (add.template operator()<Arguments>(), ...);
        return out;
    }
};

}  // namespace afterresume::http
