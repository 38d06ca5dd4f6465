#include "features/auditing/verification.h"

#include "infra/crypto/crypto.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>

namespace afterresume::auditing {

namespace {

constexpr std::int64_t verified_at_once = 1000;
constexpr std::size_t most_faults = 100;

Task<std::vector<Seal>> seals(sql::Tx& tx, TenantId chain, std::int64_t after) {
    static constexpr sql::Statement statement{"audit.seals", R"sql(
        SELECT tenant_id, place, event_id, act_id, payload_hash, record_hash, hash FROM audit_seal
        WHERE tenant_id = :chain AND place > :after ORDER BY place LIMIT :most)sql"};
    return tx.all<Seal>(
        statement, sql::named("chain", chain), sql::named("after", after),
        sql::named("most", verified_at_once)
    );
}

// Of the seals in (after, last].
Task<std::vector<Record>> records(
    sql::Tx& tx, TenantId chain, std::int64_t after, std::int64_t last
) {
    static constexpr sql::Statement statement{"audit.records", R"sql(
        SELECT CAST(e.id AS text) AS id, e.tenant_id, e.user_id, e.name, e.outcome,
               CAST(e.correlation_id AS text) AS correlation_id, e.created_at, e.address, e.user_agent,
               CAST(e.data AS text) AS data, e.purged_at, s.tenant_id AS chain, s.event_id, s.act_id
        FROM audit_seal s JOIN auth_event e ON e.id = s.event_id
        WHERE s.tenant_id = :chain AND s.place > :after AND s.place <= :last
        UNION ALL
        SELECT CAST(o.id AS text), o.tenant_id, o.operator_id, o.act, 'success',
               CAST(o.correlation_id AS text), o.created_at, o.address, o.user_agent, o.subject, o.purged_at,
               s.tenant_id, s.event_id, s.act_id
        FROM audit_seal s JOIN operator_act o ON o.id = s.act_id
        WHERE s.tenant_id = :chain AND s.place > :after AND s.place <= :last)sql"};
    return tx.all<Record>(
        statement, sql::named("chain", chain), sql::named("after", after), sql::named("last", last)
    );
}

// Neither sealed nor waiting for it; and waiting, but gone.
struct Stray {
    std::string id;
    bool is_there = false;
};
BOOST_DESCRIBE_STRUCT(Stray, (), (id, is_there))

Task<std::vector<Stray>> stray_events(sql::Tx& tx, TenantId chain) {
    static constexpr sql::Statement statement{"audit.stray_events", R"sql(
        SELECT CAST(e.id AS text) AS id, TRUE AS is_there FROM auth_event e
        WHERE e.tenant_id = :chain AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.event_id = e.id)
          AND NOT EXISTS (SELECT 1 FROM audit_pending p WHERE p.event_id = e.id)
        UNION ALL
        SELECT CAST(p.event_id AS text), FALSE FROM audit_pending p
        WHERE p.tenant_id = :chain AND p.event_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM auth_event e WHERE e.id = p.event_id)
        LIMIT 100)sql"};
    return tx.all<Stray>(statement, sql::named("chain", chain));
}

Task<std::vector<Stray>> stray_acts(sql::Tx& tx) {
    static constexpr sql::Statement statement{"audit.stray_acts", R"sql(
        SELECT CAST(o.id AS text) AS id, TRUE AS is_there FROM operator_act o
        WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.act_id = o.id)
          AND NOT EXISTS (SELECT 1 FROM audit_pending p WHERE p.act_id = o.id)
        UNION ALL
        SELECT CAST(p.act_id AS text), FALSE FROM audit_pending p
        WHERE p.act_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM operator_act o WHERE o.id = p.act_id)
        LIMIT 100)sql"};
    return tx.all<Stray>(statement);
}

std::string key_of(const std::optional<std::int64_t>& event, const std::optional<Uuid>& act) {
    return act ? act->text() : std::to_string(event.value_or(0));
}

bool is_empty(const Record& record) {
    return record.address.empty() && record.user_agent.empty() &&
           (record.data.empty() || record.data == "{}");
}

bool says_what_was_sealed(const Record& record, const Seal& seal) {
    const auto& sealed = seal.payload_hash.bytes;
    auto emptied = record.purged_at && is_empty(record);
    return (emptied || payload_hash(record) == sealed) &&
           record_hash(record, sealed) == seal.record_hash.bytes;
}

// Goes from seal to seal.
class Walk {
public:
    explicit Walk(CheckedChain& found) : found_(found) {}

    void take(const Seal& seal, const Record* record) {
        auto key = key_of(seal.event_id, seal.act_id);
        for (; place_ + 1 < seal.place; cut_ = true)
            tell(++place_, std::nullopt, Tampering::removed);
        place_ = seal.place;
        // What follows a gap cannot be chained to what was there.
        if (!cut_ && chain_hash(before_, seal.place, seal.record_hash.bytes) != seal.hash.bytes)
            tell(seal.place, key, Tampering::moved);
        if (record == nullptr) {
            tell(seal.place, key, Tampering::removed);
        } else if (!says_what_was_sealed(*record, seal)) {
            tell(seal.place, key, Tampering::edited);
        }
        cut_ = false;
        before_ = seal.hash.bytes;
        ++found_.sealed;
    }
    void tell(
        std::optional<std::int64_t> place, std::optional<std::string> record, Tampering tampering
    ) {
        if (found_.faults.size() < most_faults)
            found_.faults.push_back({place, std::move(record), tampering});
    }
    std::int64_t place() const { return place_; }
    const std::string& head() const { return before_; }

private:
    CheckedChain& found_;
    std::string before_;
    std::int64_t place_ = 0;
    bool cut_ = false;
};

}  // namespace

Task<CheckedChain> check_chain(sql::Tx& tx, TenantId chain) {
    CheckedChain found;
    found.tenant_id = chain;
    Walk walk(found);
    for (auto some = co_await seals(tx, chain, 0); !some.empty();
         some = co_await seals(tx, chain, walk.place())) {
        std::unordered_map<std::string, Record> by_key;
        for (auto& record : co_await records(tx, chain, walk.place(), some.back().place)) {
            auto key = key_of(record.event_id, record.act_id);
            by_key.emplace(std::move(key), std::move(record));
        }
        for (const auto& seal : some) {
            auto record = by_key.find(key_of(seal.event_id, seal.act_id));
            walk.take(seal, record == by_key.end() ? nullptr : &record->second);
        }
    }
    found.head = crypto::hex(walk.head());
    auto strays = co_await stray_events(tx, chain);
    if (chain == operators_chain) {
        auto acts = co_await stray_acts(tx);
        std::ranges::move(acts, std::back_inserter(strays));
    }
    for (auto& stray : strays) {
        auto tampering = stray.is_there ? Tampering::inserted : Tampering::removed;
        walk.tell(std::nullopt, std::move(stray.id), tampering);
    }
    co_return found;
}

Task<CheckedTrail> check_trail(sql::Tx& tx) {
    // A chain whose seals are all gone has records.
    static constexpr sql::Statement statement{
        "audit.chains", R"sql(
        SELECT tenant_id FROM audit_seal UNION SELECT tenant_id FROM auth_event UNION SELECT 0 ORDER BY tenant_id)sql"
    };
    CheckedTrail trail;
    for (auto chain : co_await tx.all<TenantId>(statement)) {
        auto found = co_await check_chain(tx, chain);
        ++trail.chains;
        trail.sealed += found.sealed;
        if (chain == operators_chain) trail.head = found.head;
        if (!found.faults.empty()) trail.broken.push_back(std::move(found));
    }
    co_return trail;
}

}  // namespace afterresume::auditing
