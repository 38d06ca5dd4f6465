// One request as a handler sees it: who calls, in which transaction, with which parts of the path.
#pragma once

#include "core/clock.h"
#include "core/scope.h"
#include "core/version.h"
#include "infra/http/message.h"
#include "infra/sql/database.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace afterresume::http {

class Call {
public:
    Call(Request& request, sql::Database& database, Uuid correlation)
        : request_(request), database_(database), correlation_(correlation) {}

    Request& request() { return request_; }
    const Uuid& correlation() const { return correlation_; }
    // The address of the client, proxies that are trusted taken off.
    const std::string& client() const { return client_; }

    // Of a signed-in caller. Routes without a permission may be called by nobody: then this is a
    // mistake in the program.
    const Scope& scope() const { return scope_.value(); }
    bool signed_in() const { return scope_.has_value(); }
    // The route's transaction; the adapter commits it after the handler returned.
    sql::Tx& tx() { return *tx_; }
    bool has_begun() const { return tx_ != nullptr; }
    // Begins it, once, for the caller or for them in another tenant. Of `late` routes alone. Throws
    // Error(conflict) where the request's Idempotency-Key has been answered or is being answered.
    Task<void> begin(Scope scope) { return begin_(std::move(scope)); }
    // For routes without one, which open short transactions around what takes long.
    sql::Database& database() { return database_; }

    // The If-Match header. Throws Error(precondition_required) without one, malformed for another
    // form than "7" or *.
    Match match() const;

    // The next part of the path that the pattern left open.
    std::int64_t next_id();
    Uuid next_uuid();
    std::string next_text();

private:
    friend class Dispatch;

    Request& request_;
    sql::Database& database_;
    Uuid correlation_;
    std::string client_;
    std::optional<Scope> scope_;
    std::unique_ptr<sql::Tx> tx_;
    std::function<Task<void>(Scope)> begin_;
    std::vector<std::string> path_;
    std::size_t used_ = 0;
};

// Fills a call; only the adapter in api/ and tests do.
class Dispatch {
public:
    static void set_client(Call& call, std::string address) { call.client_ = std::move(address); }
    static void set_scope(Call& call, const Scope& scope) { call.scope_ = scope; }
    static void set_path(Call& call, std::vector<std::string> parts) {
        call.path_ = std::move(parts);
    }
    static void begin(Call& call, std::unique_ptr<sql::Tx> tx) { call.tx_ = std::move(tx); }
    static void begin_by(Call& call, std::function<Task<void>(Scope)> begin) {
        call.begin_ = std::move(begin);
    }
    static std::unique_ptr<sql::Tx> end(Call& call) { return std::move(call.tx_); }
};

}  // namespace afterresume::http
