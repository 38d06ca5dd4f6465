#include "features/auditing/sealer.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <map>

namespace afterresume::auditing {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds pause{500};
constexpr std::int64_t sealed_at_once = 500;

Task<bool> is_anything_pending(sql::Tx& tx) {
    static constexpr sql::Statement statement{
        "audit.any_pending", "SELECT tenant_id FROM audit_pending LIMIT 1"
    };
    co_return (co_await tx.find<TenantId>(statement)).has_value();
}

Task<bool> take_the_seal(sql::Tx& tx) {
    static constexpr sql::Statement statement{
        "audit.take_seal", "SELECT id FROM audit_sealer FOR UPDATE SKIP LOCKED"
    };
    co_return (co_await tx.find<std::int64_t>(statement)).has_value();
}

Task<std::vector<Record>> pending(sql::Tx& tx) {
    static constexpr sql::Statement statement{"audit.pending", R"sql(
        SELECT CAST(e.id AS text) AS id, e.tenant_id, e.user_id, e.name, e.outcome,
               CAST(e.correlation_id AS text) AS correlation_id, e.created_at, e.address, e.user_agent,
               CAST(e.data AS text) AS data, e.purged_at, p.tenant_id AS chain, p.event_id, p.act_id
        FROM audit_pending p JOIN auth_event e ON e.id = p.event_id
        WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.event_id = p.event_id)
        UNION ALL
        SELECT CAST(o.id AS text), o.tenant_id, o.operator_id, o.act, 'success',
               CAST(o.correlation_id AS text), o.created_at, o.address, o.user_agent, o.subject, o.purged_at,
               p.tenant_id, p.event_id, p.act_id
        FROM audit_pending p JOIN operator_act o ON o.id = p.act_id
        WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.act_id = p.act_id)
        ORDER BY chain, event_id, id LIMIT :most)sql"};
    return tx.all<Record>(statement, sql::named("most", sealed_at_once));
}

// The last seal of each chain that something waits for.
Task<std::vector<Seal>> heads(sql::Tx& tx) {
    static constexpr sql::Statement statement{
        "audit.heads", R"sql(
        SELECT s.tenant_id, s.place, s.event_id, s.act_id, s.payload_hash, s.record_hash, s.hash
        FROM (SELECT DISTINCT tenant_id FROM audit_pending) waiting
        JOIN audit_seal s ON s.tenant_id = waiting.tenant_id
         AND s.place = (SELECT max(last.place) FROM audit_seal last WHERE last.tenant_id = waiting.tenant_id))sql"
    };
    return tx.all<Seal>(statement);
}

void insert(sql::Tx& tx, const Seal& seal, Timestamp now) {
    static constexpr sql::Statement statement{
        "audit.seal", R"sql(
        INSERT INTO audit_seal (tenant_id, place, event_id, act_id, payload_hash, record_hash, hash, sealed_at)
        VALUES (:tenant_id, :place, :event_id, :act_id, :payload_hash, :record_hash, :hash, :now))sql"
    };
    tx.defer(statement, seal, sql::named("now", now));
}

void forget_sealed(sql::Tx& tx) {
    static constexpr sql::Statement events{
        "audit.forget_events", R"sql(
        DELETE FROM audit_pending WHERE EXISTS (SELECT 1 FROM audit_seal s WHERE s.event_id = audit_pending.event_id))sql"
    };
    static constexpr sql::Statement acts{
        "audit.forget_acts", R"sql(
        DELETE FROM audit_pending WHERE EXISTS (SELECT 1 FROM audit_seal s WHERE s.act_id = audit_pending.act_id))sql"
    };
    tx.defer(events);
    tx.defer(acts);
}

}  // namespace

Sealer::Sealer(Parts parts)
    : parts_(parts), wake_(parts.io), ended_(parts.io, asio::steady_timer::time_point::max()) {}

Task<std::int64_t> Sealer::seal_some() {
    auto looking = parts_.database.begin_engine(sql::Access::read);
    if (!co_await is_anything_pending(*looking)) co_return 0;
    auto tx = parts_.database.begin_engine(sql::Access::write);
    if (!co_await take_the_seal(*tx)) co_return 0;
    std::map<std::int64_t, Seal> last;
    for (auto& head : co_await heads(*tx)) last.insert_or_assign(head.tenant_id.value, head);
    auto records = co_await pending(*tx);
    for (const auto& record : records) {
        auto found = last.find(record.chain.value);
        auto seal = seal_after(found == last.end() ? nullptr : &found->second, record);
        insert(*tx, seal, parts_.clock.now());
        last.insert_or_assign(record.chain.value, std::move(seal));
    }
    forget_sealed(*tx);
    co_await tx->commit();
    co_return static_cast<std::int64_t>(records.size());
}

Task<std::int64_t> Sealer::seal_all() {
    std::int64_t all = 0;
    for (auto some = sealed_at_once; some == sealed_at_once && !stopping_; all += some)
        some = co_await seal_some();
    co_return all;
}

Task<void> Sealer::guarded_turn() {
    try {
        co_await seal_all();
    } catch (const Error& error) {
        parts_.log.warning(
            "audit", "sealing failed and will be tried again: {} ({})", error.what(), error.code()
        );
    } catch (const std::exception& error) {
        parts_.log.error("audit", "sealing broke and will be tried again: {}", error.what());
    }
}

Task<void> Sealer::run() {
    running_ = true;
    while (!stopping_) {
        co_await guarded_turn();
        if (stopping_) break;
        wake_.expires_after(pause);
        boost::system::error_code ignored;
        co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    running_ = false;
    ended_.cancel();
}

Task<void> Sealer::stop() {
    stopping_ = true;
    wake_.cancel();
    while (running_) {
        boost::system::error_code ignored;
        co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

}  // namespace afterresume::auditing
