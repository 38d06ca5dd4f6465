#include "features/auditing/chain.h"

#include "core/describe/writer.h"
#include "infra/crypto/crypto.h"

namespace afterresume::auditing {

namespace {

struct Identity {
    std::string id;
    TenantId tenant_id;
    std::optional<std::int64_t> user_id;
    std::string name;
    std::string outcome;
    std::string correlation_id;
    Timestamp created_at;
    std::string payload_hash;
};
BOOST_DESCRIBE_STRUCT(
    Identity, (), (id, tenant_id, user_id, name, outcome, correlation_id, created_at, payload_hash)
)

struct Payload {
    std::string address;
    std::string user_agent;
    std::string data;
};
BOOST_DESCRIBE_STRUCT(Payload, (), (address, user_agent, data))

}  // namespace

std::string payload_hash(const Record& record) {
    return crypto::sha256(describe::to_json(Payload{record.address, record.user_agent, record.data})
    );
}

std::string record_hash(const Record& record, const std::string& payload_hash) {
    return crypto::sha256(describe::to_json(Identity{
        record.id, record.tenant_id, record.user_id, record.name, record.outcome,
        record.correlation_id, record.created_at, crypto::hex(payload_hash)
    }));
}

std::string chain_hash(
    const std::string& before, std::int64_t place, const std::string& record_hash
) {
    return crypto::sha256(before + std::to_string(place) + record_hash);
}

Seal seal_after(const Seal* last, const Record& record) {
    Seal seal;
    seal.tenant_id = record.chain;
    seal.place = last == nullptr ? 1 : last->place + 1;
    seal.event_id = record.event_id;
    seal.act_id = record.act_id;
    seal.payload_hash.bytes = payload_hash(record);
    seal.record_hash.bytes = record_hash(record, seal.payload_hash.bytes);
    seal.hash.bytes = chain_hash(
        last == nullptr ? std::string() : last->hash.bytes, seal.place, seal.record_hash.bytes
    );
    return seal;
}

}  // namespace afterresume::auditing
