#include "api/idempotency.h"

#include "core/describe/reader.h"
#include "infra/crypto/crypto.h"

namespace afterresume::api {

namespace {

constexpr auto kept_for = std::chrono::hours(24);

struct Row {
    sql::Blob request_hash;
    sql::Blob answer;
};
BOOST_DESCRIBE_STRUCT(Row, (), (request_hash, answer))

struct Lock {
    bool locked = false;
};
BOOST_DESCRIBE_STRUCT(Lock, (), (locked))

struct Answer {
    std::int64_t status = 200;
    std::string content_type;
    std::map<std::string, std::string> headers;
    std::string body;
};
BOOST_DESCRIBE_STRUCT(Answer, (), (status, content_type, headers, body))

std::string sealing_key(const Keyed& keyed) {
    return crypto::subkey(keyed.key, "idempotent answer");
}

http::Response restored(const Keyed& keyed, const std::string& sealed) {
    auto opened = crypto::open(sealing_key(keyed), sealed, keyed.route);
    if (!opened)
        throw Error(
            ErrorKind::internal, "idempotency.unreadable", "The stored answer cannot be opened."
        );
    auto answer = describe::parse<Answer>(*opened);
    http::Response response;
    response.status = static_cast<int>(answer.status);
    response.content_type = answer.content_type;
    response.body = answer.body;
    for (auto& [header, value] : answer.headers) response.headers.emplace_back(header, value);
    response.headers.emplace_back("Idempotent-Replayed", "true");
    return response;
}

}  // namespace

Task<std::optional<http::Response>> Idempotency::find(
    sql::Tx& tx, const Scope& scope, const Keyed& keyed
) {
    static constexpr sql::Statement statement{
        "idempotency.find",
        "SELECT request_hash, answer FROM lookup_own_answer(:route, :key, :since)",
        R"sql(
        SELECT request_hash, answer FROM lookup_own_answer
        WHERE user_id = :user_id AND route = :route AND idempotency_key = :key AND created_at >= :since)sql"
    };
    auto row = co_await tx.find<Row>(
        statement, scope, sql::named("route", keyed.route), sql::named("key", keyed.key),
        sql::named("since", clock_.now() - kept_for)
    );
    if (!row) co_return std::nullopt;
    if (row->request_hash.bytes != keyed.request_hash) {
        throw Error(
            ErrorKind::invalid, "idempotency.mismatch",
            "This Idempotency-Key was used for another request."
        );
    }
    co_return restored(keyed, row->answer.bytes);
}

Task<void> Idempotency::claim(sql::Tx& tx, const Scope& scope, const Keyed& keyed) {
    // SQLite's writer is alone anyway.
    static constexpr sql::Statement try_lock{
        "idempotency.lock",
        "SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0)) AS locked",
        "SELECT 1 AS locked, :name AS name"
    };
    static constexpr sql::Statement forget{
        "idempotency.forget", R"sql(
        DELETE FROM idempotency_key WHERE tenant_id = :tenant_id AND user_id = :user_id AND created_at < :before)sql"
    };
    auto name = fmt::format("{}/{}/{}", scope.user().value, keyed.route, keyed.key);
    auto lock = co_await tx.one<Lock>(try_lock, sql::named("name", name));
    if (!lock.locked)
        throw Error(
            ErrorKind::conflict, "idempotency.in_flight",
            "The first request with this Idempotency-Key is still being done."
        );
    tx.defer(forget, scope, sql::named("before", clock_.now() - kept_for));
    if (co_await find(tx, scope, keyed))
        throw Error(
            ErrorKind::conflict, "idempotency.answered",
            "This Idempotency-Key has been answered already."
        );
}

Task<void> Idempotency::keep(
    sql::Tx& tx, const Scope& scope, const Keyed& keyed, const http::Response& response
) {
    static constexpr sql::Statement statement{
        "idempotency.insert", R"sql(
        INSERT INTO idempotency_key (id, tenant_id, user_id, route, idempotency_key, request_hash, status, answer, created_at)
        VALUES (:id, :tenant_id, :user_id, :route, :key, :request_hash, :status, :answer, :created_at))sql"
    };
    Answer answer{response.status, response.content_type, {}, response.body};
    for (const auto& [header, value] : response.headers) answer.headers.emplace(header, value);
    auto id = co_await tx.new_id<Row>();
    tx.defer(
        statement, scope, sql::named("id", id), sql::named("route", keyed.route),
        sql::named("key", keyed.key), sql::named("request_hash", sql::Blob{keyed.request_hash}),
        sql::named("status", response.status),
        sql::named(
            "answer",
            sql::Blob{crypto::seal(sealing_key(keyed), describe::to_json(answer), keyed.route)}
        ),
        sql::named("created_at", clock_.now())
    );
}

Task<std::int64_t> Idempotency::purge(sql::Tx& tx, const Scope& scope, std::int64_t most) {
    static constexpr sql::Statement statement{
        "idempotency.purge", R"sql(
        DELETE FROM idempotency_key WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM idempotency_key WHERE tenant_id = :tenant_id AND created_at < :before LIMIT :most))sql"
    };
    return tx.execute(
        statement, scope, sql::named("before", clock_.now() - kept_for), sql::named("most", most)
    );
}

}  // namespace afterresume::api
