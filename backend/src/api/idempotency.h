// Idempotency-Key: the same key and body gets the first answer again, for a day. The row is written
// in the transaction of the act, so that there is an answer exactly when there was an effect; it is
// sealed under the key itself.
#pragma once

#include "core/clock.h"
#include "core/scope.h"
#include "infra/http/message.h"
#include "infra/sql/database.h"

#include <optional>
#include <string>

namespace afterresume::api {

struct Keyed {
    // Method and route pattern.
    std::string route;
    std::string key;
    std::string request_hash;
};

class Idempotency {
public:
    explicit Idempotency(const Clock& clock) : clock_(clock) {}

    // The stored answer, if the act has been done. Throws Error: invalid "idempotency.mismatch" for
    // another body, conflict "idempotency.in_flight" while the first is being done.
    Task<std::optional<http::Response>> find(sql::Tx& tx, const Scope& scope, const Keyed& keyed);
    // Keeps a 2xx answer.
    Task<void> keep(
        sql::Tx& tx, const Scope& scope, const Keyed& keyed, const http::Response& response
    );

    // Removes the tenant's answers that no key gets any more; how many.
    Task<std::int64_t> purge(sql::Tx& tx, const Scope& scope, std::int64_t most);

private:
    const Clock& clock_;
};

}  // namespace afterresume::api
