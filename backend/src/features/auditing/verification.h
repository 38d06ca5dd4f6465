// Whether the trail is as it was sealed: reads, hashes, and says of each record that is not.
#pragma once

#include "core/task.h"
#include "features/auditing/chain.h"
#include "infra/sql/database.h"

#include <vector>

namespace afterresume::auditing {

// removed: a record that was sealed, or was to be, is gone. edited: it says something else. moved:
// it stands elsewhere in its chain. inserted: it was written past the program and never sealed.
enum class Tampering : std::uint8_t { removed, edited, moved, inserted };
BOOST_DESCRIBE_ENUM(Tampering, removed, edited, moved, inserted)

struct AuditFault {
    // In the chain, from 1; null for what has no place there.
    std::optional<std::int64_t> place;
    // Of the event or act; null where the place alone is known.
    std::optional<std::string> record;
    Tampering tampering = Tampering::removed;
};
BOOST_DESCRIBE_STRUCT(AuditFault, (), (place, record, tampering))

struct CheckedChain {
    // 0 for the operators' own.
    TenantId tenant_id;
    std::int64_t sealed = 0;
    // The hash of the last seal: whoever noted it elsewhere sees when the end was cut off.
    std::string head;
    // The first hundred.
    std::vector<AuditFault> faults;
};
BOOST_DESCRIBE_STRUCT(CheckedChain, (), (tenant_id, sealed, head, faults))

struct CheckedTrail {
    std::int64_t chains = 0;
    std::int64_t sealed = 0;
    // The head of the operators' chain.
    std::string head;
    std::vector<CheckedChain> broken;
};
BOOST_DESCRIBE_STRUCT(CheckedTrail, (), (chains, sealed, head, broken))

// In a transaction of the tenant, or of the engine.
Task<CheckedChain> check_chain(sql::Tx& tx, TenantId chain);
// In a transaction of the engine.
Task<CheckedTrail> check_trail(sql::Tx& tx);

}  // namespace afterresume::auditing
