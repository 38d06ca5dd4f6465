// The hash chain over what was recorded: pure functions. A seal is SHA-256 over the seal before it,
// its place and the record's hash; that is taken of what the record is and of the hash of its
// payload, so that a payload can be purged and the chain still holds.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"
#include "core/id.h"
#include "infra/sql/value.h"

#include <optional>
#include <string>

namespace afterresume::auditing {

// The chain of the operators' acts, and of what concerns no tenant.
inline constexpr TenantId operators_chain{0};

// An event of a tenant or an act of an operator, as the database gives it.
struct Record {
    std::string id;
    TenantId tenant_id;
    std::optional<std::int64_t> user_id;
    std::string name;
    std::string outcome;
    std::string correlation_id;
    Timestamp created_at;
    std::string address;
    std::string user_agent;
    std::string data;
    std::optional<Timestamp> purged_at;
    // Where it is in a chain; one of the two ids is its own.
    TenantId chain;
    std::optional<std::int64_t> event_id;
    std::optional<Uuid> act_id;
};
BOOST_DESCRIBE_STRUCT(
    Record, (),
    (id, tenant_id, user_id, name, outcome, correlation_id, created_at, address, user_agent, data,
     purged_at, chain, event_id, act_id)
)

struct Seal {
    // Of the chain.
    TenantId tenant_id;
    std::int64_t place = 0;
    std::optional<std::int64_t> event_id;
    std::optional<Uuid> act_id;
    sql::Blob payload_hash;
    sql::Blob record_hash;
    sql::Blob hash;
};
BOOST_DESCRIBE_STRUCT(
    Seal, (), (tenant_id, place, event_id, act_id, payload_hash, record_hash, hash)
)

std::string payload_hash(const Record& record);
std::string record_hash(const Record& record, const std::string& payload_hash);
std::string chain_hash(
    const std::string& before, std::int64_t place, const std::string& record_hash
);
// The next of the chain that ends with `last`; of a new one without.
Seal seal_after(const Seal* last, const Record& record);

}  // namespace afterresume::auditing
