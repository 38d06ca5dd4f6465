// One operation of the API: what it is called, who may call it, how it is run and what of it is
// documented. Made by controllers, read by the gateway and by the OpenAPI document.
#pragma once

#include "core/describe/schema.h"
#include "infra/http/answer.h"
#include "infra/http/call.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace afterresume::http {

// Which transaction the adapter opens around the handler. `late`: one that writes, which the
// handler begins itself by Call::begin(), after what takes long or shows where it belongs.
enum class Transaction { none, read, write, late };

// Of an Idempotency-Key, in bytes.
inline constexpr std::size_t longest_key = 200;

// Another success of an operation, beside what its handler's result is.
struct FurtherAnswer {
    int status = 200;
    std::string when;
    Json body;
};

// What OpenAPI tells of a route beyond its path.
struct Operation {
    Json body;
    Json query;
    Json answer;
    int status = 200;
    std::vector<FurtherAnswer> further;
};

struct Route {
    std::string method;
    std::string pattern;
    std::string summary;
    // Nothing: anybody may call.
    std::optional<Permission> permission;
    Transaction transaction = Transaction::none;
    // Largest body in bytes.
    std::size_t body_limit = 1 << 20;
    // Outside rate limits and the access log: health and metrics.
    bool quiet = false;
    // Counted against the sign-in limit.
    bool guarded = false;
    // What a handler that makes its own response gives, beside JSON.
    std::vector<std::string> media_types;
    // Takes any JSON object; the handler reads it.
    bool open_body = false;
    // For those who operate the installation; to anybody else there is nothing here. Its
    // transaction is the engine's, which reaches across tenants.
    bool staff = false;
    // Not for tokens, which stand for a person but are none.
    bool in_person = false;
    // Takes or gives a cookie: pages of others may have no browser ask for it.
    bool with_cookie = false;
    // For whoever has a link, alike: no credential of the request is looked at, and the answer is
    // for no cache and no index.
    bool strangers = false;
    std::function<Task<Response>(Call&)> run;
    std::function<Operation(describe::Schemas&)> describe;

    // Whether a request with an Idempotency-Key is done once, however often it is sent: what it was
    // answered is kept in the transaction of what it did, for the one who asked.
    bool takes_key() const {
        auto writes = transaction == Transaction::write || transaction == Transaction::late;
        return method == "POST" && writes && permission && !staff;
    }

    Route in(Transaction mode) && {
        transaction = mode;
        return std::move(*this);
    }
    Route up_to(std::size_t bytes) && {
        body_limit = bytes;
        return std::move(*this);
    }
    Route unlogged() && {
        quiet = true;
        return std::move(*this);
    }
    Route against_guessing() && {
        guarded = true;
        return std::move(*this);
    }
    Route giving(std::vector<std::string> types) && {
        media_types = std::move(types);
        return std::move(*this);
    }
    Route for_staff() && {
        staff = true;
        return std::move(*this);
    }
    Route only_in_person() && {
        in_person = true;
        return std::move(*this);
    }
    Route taking_or_giving_a_cookie() && {
        with_cookie = true;
        return std::move(*this);
    }
    Route for_strangers() && {
        strangers = true;
        return std::move(*this);
    }
    Route taking_any_object() && {
        open_body = true;
        return std::move(*this);
    }
    // It may succeed with a T instead, and when.
    template <class T>
    Route or_answering(std::string when) && {
        describe = [first = std::move(describe),
                    when = std::move(when)](describe::Schemas& schemas) {
            auto out = first(schemas);
            out.further.push_back({Answer<T>::status, when, Answer<T>::schema(schemas)});
            return out;
        };
        return std::move(*this);
    }
};
using Routes = std::vector<Route>;

inline constexpr std::optional<Permission> anybody = std::nullopt;

}  // namespace afterresume::http
