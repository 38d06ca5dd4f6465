// Exports of a tenant, written piece by piece, sealed, and read again until they expire. Begins and
// commits nothing. Owned by app/.
#pragma once

#include "core/list_more.h"
#include "features/auditing/service.h"
#include "features/exports/events.h"
#include "features/exports/model.h"
#include "features/exports/tables.h"
#include "features/tenants/service.h"
#include "infra/events/events.h"

#include <chrono>
#include <string>
#include <vector>

namespace afterresume::exports {

inline constexpr std::chrono::days kept_for{7};
inline constexpr std::int64_t most_bytes = std::int64_t{2} << 30;

class Service {
public:
    struct Parts {
        events::Events& events;
        auditing::Service& audit;
        tenants::Service& tenants;
        const Clock& clock;
    };
    // Keys of 32 bytes: the first seals, all open.
    Service(Parts parts, std::vector<std::string> keys) : parts_(parts), keys_(std::move(keys)) {}

    // The job that makes one. Throws Error(forbidden) for who owns the tenant no longer.
    Task<Uuid> ask(sql::Tx& tx, const Scope& scope);

    Task<Id<Export>> begin(sql::Tx& tx, const Scope& scope);
    // The next piece. Throws Error(too_large, "exports.too_large").
    Task<void> append(
        sql::Tx& tx, const Scope& scope, Id<Export> id, std::int64_t number, std::string piece
    );
    // From now on it can be had, and earlier ones no longer. Tells the audit.
    Task<Export> finish(sql::Tx& tx, const Scope& scope, Id<Export> id);

    // Those that can be had, newest first.
    Task<ExportPage> list(sql::Tx& tx, const Scope& scope, ListMore query);
    // Tells the audit that it is taken. Throws Error: forbidden for who owns the tenant no longer,
    // not_found once it has expired.
    Task<Export> take(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<Export> id
    );
    // Its piece of that number, from 0; nothing past the last. Throws Error(internal,
    // "exports.unreadable") where it was sealed with a key that is not there.
    Task<std::optional<std::string>> piece(
        sql::Tx& tx, const Scope& scope, Id<Export> id, std::int64_t number
    );
    // Removes some of what has expired or was never finished; how many pieces and exports.
    Task<std::int64_t> purge(sql::Tx& tx, const Scope& scope, std::int64_t most);

private:
    Parts parts_;
    std::vector<std::string> keys_;
};

}  // namespace afterresume::exports
