// The SQL of signed-in devices.
#include "features/accounts/repository.h"

namespace afterresume::accounts {

using sql::named;

void Repository::insert_session(
    sql::Tx& tx, const Scope& scope, const Session& session,
    const std::optional<sql::Blob>& cookie_hash
) {
    static constexpr sql::Statement statement{
        "sessions.insert", R"sql(
        INSERT INTO session (id, last_tenant_id, user_id, version, sign_in_epoch, user_agent, address, created_at, last_used_at, expires_at, cookie_hash)
        VALUES (:id, :tenant_id, :user_id, :version, :sign_in_epoch, :user_agent, :address, :created_at, :last_used_at, :expires_at, :cookie_hash))sql"
    };
    tx.defer(statement, session, scope, named("cookie_hash", cookie_hash));
}

Task<std::vector<Session>> Repository::open_sessions(
    sql::Tx& tx, const Scope& scope, Timestamp now, std::int64_t before, std::int64_t most
) {
    static constexpr sql::Statement statement{"sessions.list", R"sql(
        SELECT id, version, sign_in_epoch, user_agent, address, created_at, last_used_at, expires_at, ended_at FROM session
        WHERE user_id = :user_id AND ended_at IS NULL AND expires_at > :now
          AND sign_in_epoch = (SELECT sign_in_epoch FROM app_user WHERE id = :user_id) AND id < :before
        ORDER BY id DESC LIMIT :most)sql"};
    return tx.all<Session>(
        statement, scope, named("now", now), named("before", before), named("most", most)
    );
}

Task<std::optional<std::int64_t>> Repository::lock_session(
    sql::Tx& tx, const Scope& scope, Id<Session> id
) {
    static constexpr sql::Statement statement{
        "sessions.lock_open", R"sql(
        SELECT version FROM session WHERE user_id = :user_id AND id = :id AND ended_at IS NULL FOR UPDATE)sql"
    };
    return tx.find<std::int64_t>(statement, scope, named("id", id));
}

void Repository::end_session(sql::Tx& tx, const Scope& scope, Id<Session> id, Timestamp now) {
    static constexpr sql::Statement statement{"sessions.end", R"sql(
        UPDATE session SET ended_at = :now, version = version + 1
        WHERE user_id = :user_id AND id = :id AND ended_at IS NULL)sql"};
    tx.defer(statement, scope, named("id", id), named("now", now));
}

Task<std::int64_t> Repository::purge_sessions(
    sql::Tx& engine, Timestamp before, std::int64_t most
) {
    static constexpr sql::Statement find{
        "accounts.find_old_sessions",
        "SELECT id FROM session WHERE expires_at < :before OR ended_at < :before LIMIT :most"
    };
    static constexpr sql::Statement remove_tokens{
        "accounts.purge_tokens",
        R"sql(
        DELETE FROM refresh_token
        WHERE session_id IN (SELECT value::bigint FROM jsonb_array_elements_text(:ids)))sql",
        R"sql(
        DELETE FROM refresh_token WHERE session_id IN (SELECT value FROM json_each(:ids)))sql"
    };
    static constexpr sql::Statement remove{
        "accounts.purge_sessions",
        R"sql(
        DELETE FROM session WHERE id IN (SELECT value::bigint FROM jsonb_array_elements_text(:ids)))sql",
        R"sql(
        DELETE FROM session WHERE id IN (SELECT value FROM json_each(:ids)))sql"
    };
    auto ids = co_await engine.all<std::int64_t>(
        find, sql::named("before", before), sql::named("most", most)
    );
    auto list = sql::named("ids", sql::JsonText{describe::to_json(ids)});
    engine.defer(remove_tokens, list);
    co_return co_await engine.execute(remove, list);
}

Task<std::int64_t> Repository::empty_successors(
    sql::Tx& engine, Timestamp before, std::int64_t most
) {
    static constexpr sql::Statement statement{
        "accounts.empty_successors", R"sql(
        UPDATE refresh_token SET successor = NULL WHERE id IN (
            SELECT id FROM refresh_token WHERE successor IS NOT NULL AND rotated_at < :before LIMIT :most))sql"
    };
    return engine.execute(statement, named("before", before), named("most", most));
}

}  // namespace afterresume::accounts
