// Idempotency-Key: the same key and request of a person gets the first answer again, for a day. The
// row is written in the transaction of the act, in whichever tenant that is, so that there is an
// answer exactly when there was an effect; it is sealed under the key itself.
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

    // The stored answer, if the act has been done, in any tenant. Throws Error(invalid,
    // "idempotency.mismatch") for another request.
    Task<std::optional<http::Response>> find(sql::Tx& tx, const Scope& scope, const Keyed& keyed);
    // Takes the key until the transaction of the act ends. Throws Error: conflict
    // "idempotency.in_flight" while another has it, "idempotency.answered" when find() knows it.
    Task<void> claim(sql::Tx& tx, const Scope& scope, const Keyed& keyed);
    // Keeps a 2xx answer to a key that was claimed.
    Task<void> keep(
        sql::Tx& tx, const Scope& scope, const Keyed& keyed, const http::Response& response
    );

    // Removes the tenant's answers that no key gets any more; how many.
    Task<std::int64_t> purge(sql::Tx& tx, const Scope& scope, std::int64_t most);

private:
    const Clock& clock_;
};

}  // namespace afterresume::api
