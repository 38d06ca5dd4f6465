#include "features/accounts/repository.h"

namespace afterresume::accounts {

using sql::named;

Task<std::optional<Owner>> Repository::find_owner(
    sql::Tx& anonymous, const std::string& email_folded
) {
    static constexpr sql::Statement statement{
        "accounts.lookup", "SELECT user_id, tenant_id FROM lookup_user(:email)",
        "SELECT user_id, tenant_id FROM lookup_user WHERE email_folded = :email ORDER BY "
        "tenant_status, membership_id LIMIT 1"
    };
    co_return co_await anonymous.find<Owner>(statement, named("email", email_folded));
}

Task<std::vector<Owner>> Repository::first_owners(sql::Tx& anonymous) {
    static constexpr sql::Statement statement{
        "accounts.owners", "SELECT user_id, tenant_id FROM lookup_owners()",
        "SELECT user_id, tenant_id FROM lookup_owner ORDER BY membership_id LIMIT 2"
    };
    co_return co_await anonymous.all<Owner>(statement);
}

Task<std::vector<LiveSession>> Repository::live_sessions(
    sql::Tx& anonymous, const std::vector<SessionPlace>& wanted
) {
    static constexpr sql::Statement statement{
        "accounts.live_sessions",
        R"sql(
        SELECT session_id, user_id, tenant, version, role, is_staff, has_second_factor, time_zone
        FROM lookup_sessions(:wanted))sql",
        R"sql(
        SELECT l.session_id, l.user_id, l.tenant, l.version, l.role, l.is_staff, l.has_second_factor, l.time_zone
        FROM json_each(:wanted) w
        JOIN lookup_session l ON l.session_id = w.value ->> 'session_id' AND l.tenant = w.value ->> 'tenant')sql"
    };
    co_return co_await anonymous.all<LiveSession>(statement, named("wanted", wanted));
}

Task<std::optional<LiveSession>> Repository::find_staff_session(
    sql::Tx& anonymous, const std::string& cookie_hash, Timestamp now
) {
    static constexpr sql::Statement statement{
        "accounts.staff_session",
        R"sql(
        SELECT session_id, user_id, tenant, version, role, is_staff, has_second_factor, time_zone
        FROM lookup_staff_session(:cookie_hash, :now))sql",
        R"sql(
        SELECT session_id, user_id, tenant, version, role, is_staff, has_second_factor, time_zone
        FROM lookup_staff_session WHERE cookie_hash = :cookie_hash AND expires_at > :now)sql"
    };
    co_return co_await anonymous.find<LiveSession>(
        statement, named("cookie_hash", sql::Blob{cookie_hash}), named("now", now)
    );
}

Task<std::vector<SessionChange>> Repository::session_changes(sql::Tx& anonymous) {
    static constexpr sql::Statement statement{
        "accounts.session_changes",
        "SELECT session_id, user_id, of_tenant FROM lookup_session_changes()",
        "SELECT session_id, user_id, of_tenant FROM lookup_session_change"
    };
    co_return co_await anonymous.all<SessionChange>(statement);
}

void Repository::insert(sql::Tx& tx, const Account& account) {
    static constexpr sql::Statement statement{
        "accounts.insert", R"sql(
        INSERT INTO app_user (id, email, email_folded, password_hash, display_name, time_zone, locale, is_staff, may_operate, is_active, email_verified_at, created_at, updated_at)
        VALUES (:id, :email, :email_folded, :password_hash, :display_name, :time_zone, :locale, :is_staff, :may_operate, :is_active, :email_verified_at, :created_at, :created_at))sql"
    };
    tx.defer(statement, account);
}

Task<std::optional<Account>> Repository::find(sql::Tx& tx, UserId id) {
    static constexpr sql::Statement statement{"accounts.get", R"sql(
        SELECT id, email, email_folded, password_hash, display_name, headline, time_zone, locale, week_start, is_staff,
               may_operate, is_active, last_login_at, email_verified_at, sign_in_epoch, version, created_at
        FROM app_user WHERE id = :id)sql"};
    co_return co_await tx.find<Account>(statement, named("id", id));
}

Task<std::optional<Account>> Repository::find_for_change(sql::Tx& tx, UserId id) {
    static constexpr sql::Statement lock{
        "accounts.lock", "SELECT version FROM app_user WHERE id = :id FOR NO KEY UPDATE"
    };
    tx.defer(lock, named("id", id));
    co_return co_await find(tx, id);
}

Task<void> Repository::update(sql::Tx& tx, const Account& account, Timestamp now) {
    static constexpr sql::Statement statement{"accounts.update", R"sql(
        UPDATE app_user
        SET display_name = :display_name, headline = :headline, time_zone = :time_zone, locale = :locale,
            week_start = :week_start, version = :version, updated_at = :now
        WHERE id = :id)sql"};
    co_await tx.execute(statement, account, named("now", now));
}

void Repository::note_verified(sql::Tx& tx, UserId id, Timestamp now) {
    static constexpr sql::Statement statement{
        "accounts.verified", R"sql(
        UPDATE app_user SET email_verified_at = :now WHERE id = :id AND email_verified_at IS NULL)sql"
    };
    tx.defer(statement, named("id", id), named("now", now));
}

Task<void> Repository::make_operator(sql::Tx& tx, const Scope& scope, Timestamp now) {
    static constexpr sql::Statement statement{
        "accounts.make_operator",
        "UPDATE app_user SET is_staff = TRUE, may_operate = TRUE, updated_at = :now "
        "WHERE id = :user_id"
    };
    co_await tx.execute(statement, scope, named("now", now));
}

void Repository::renew_hash(
    sql::Tx& tx, const Scope& scope, const std::string& former, const std::string& hash
) {
    static constexpr sql::Statement statement{
        "accounts.renew_hash",
        "UPDATE app_user SET password_hash = :hash WHERE id = :user_id AND password_hash = :former"
    };
    tx.defer(statement, scope, named("former", former), named("hash", hash));
}

Task<bool> Repository::replace_password(
    sql::Tx& tx, UserId id, const std::optional<std::string>& former, const std::string& hash,
    Timestamp now
) {
    static constexpr sql::Statement statement{"accounts.replace_password", R"sql(
        UPDATE app_user SET password_hash = :hash, sign_in_epoch = sign_in_epoch + 1, updated_at = :now
        WHERE id = :id AND password_hash = coalesce(:former, password_hash))sql"};
    co_return co_await tx.execute(
        statement, named("id", id), named("former", former), named("hash", hash), named("now", now)
    ) == 1;
}

Task<void> Repository::begin_epoch(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "accounts.begin_epoch",
        "UPDATE app_user SET sign_in_epoch = sign_in_epoch + 1 WHERE id = :user_id"
    };
    co_await tx.execute(statement, scope);
    keep_session(tx, scope);
}

void Repository::keep_session(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"sessions.keep", R"sql(
        UPDATE session SET sign_in_epoch = (SELECT sign_in_epoch FROM app_user WHERE id = :user_id)
        WHERE user_id = :user_id AND id = :session_id)sql"};
    tx.defer(statement, scope, named("session_id", scope.session()));
}

Task<bool> Repository::empty(sql::Tx& tx, const Scope& scope, Timestamp now) {
    static constexpr sql::Statement statement{"accounts.empty", R"sql(
        UPDATE app_user
        SET email = '', email_folded = 'deleted ' || CAST(id AS text), password_hash = '', display_name = '',
            headline = NULL, time_zone = 'UTC', locale = 'en', week_start = 'monday', is_staff = FALSE, may_operate = FALSE, is_active = FALSE, last_login_at = NULL,
            email_verified_at = NULL, sign_in_epoch = sign_in_epoch + 1, updated_at = :now
        WHERE id = :user_id AND password_hash <> '')sql"};
    static constexpr sql::Statement remove_factor{
        "accounts.remove_factor", "DELETE FROM totp WHERE id = :user_id"
    };
    tx.defer(remove_factor, scope);
    co_return co_await tx.execute(statement, scope, named("now", now)) > 0;
}

void Repository::touch_login(sql::Tx& tx, UserId id, Timestamp now) {
    static constexpr sql::Statement statement{
        "accounts.touch", "UPDATE app_user SET last_login_at = :now WHERE id = :id"
    };
    tx.defer(statement, named("id", id), named("now", now));
}

void Repository::insert_token(
    sql::Tx& tx, const Scope& scope, const NewToken& token, Timestamp now
) {
    static constexpr sql::Statement statement{"refresh_tokens.insert", R"sql(
        INSERT INTO refresh_token (id, user_id, session_id, token_hash, agent_hash, parent_id, created_at)
        VALUES (:id, :user_id, :session_id, :token_hash, :agent_hash, :parent_id, :now))sql"};
    tx.defer(statement, scope, token, named("now", now));
}

Task<std::optional<TokenOwner>> Repository::find_token_owner(
    sql::Tx& anonymous, const std::string& hash
) {
    static constexpr sql::Statement statement{
        "refresh_tokens.lookup",
        "SELECT token_id, session_id, user_id, last_tenant_id FROM lookup_refresh_token(:hash)",
        "SELECT token_id, session_id, user_id, last_tenant_id FROM lookup_refresh_token WHERE "
        "token_hash = :hash"
    };
    co_return co_await anonymous.find<TokenOwner>(statement, named("hash", sql::Blob{hash}));
}

Task<std::optional<TokenState>> Repository::lock_token(sql::Tx& tx, const TokenOwner& token) {
    // The family's row is the lock: every use of any of its tokens takes turns.
    static constexpr sql::Statement lock{
        "sessions.lock", R"sql(
        UPDATE session SET last_used_at = last_used_at WHERE user_id = :user_id AND id = :session_id)sql"
    };
    static constexpr sql::Statement statement{"refresh_tokens.get", R"sql(
        SELECT t.rotated_at, t.successor, t.agent_hash, s.version, s.ended_at, s.expires_at,
               EXISTS (SELECT 1 FROM refresh_token child WHERE child.parent_id = t.id
                       AND child.rotated_at IS NOT NULL) AS is_grandparent
        FROM refresh_token t JOIN session s ON s.id = t.session_id
        JOIN app_user u ON u.id = s.user_id AND u.sign_in_epoch = s.sign_in_epoch
        WHERE t.user_id = :user_id AND t.id = :token_id)sql"};
    tx.defer(lock, token);
    co_return co_await tx.find<TokenState>(statement, token);
}

Task<bool> Repository::rotate(
    sql::Tx& tx, const Scope& scope, const TokenOwner& token, const std::string& successor,
    Timestamp now
) {
    static constexpr sql::Statement statement{"refresh_tokens.rotate", R"sql(
        UPDATE refresh_token SET rotated_at = :now, successor = :successor
        WHERE user_id = :user_id AND id = :token_id AND rotated_at IS NULL)sql"};
    static constexpr sql::Statement touch{"sessions.touch", R"sql(
        UPDATE session SET last_used_at = :now, last_tenant_id = :tenant_id
        WHERE user_id = :user_id AND id = :session_id)sql"};
    // A grandparent is never answered with its successor.
    static constexpr sql::Statement empty_parent{
        "refresh_tokens.empty_parent", R"sql(
        UPDATE refresh_token SET successor = NULL
        WHERE user_id = :user_id AND id = (SELECT parent_id FROM refresh_token WHERE id = :token_id))sql"
    };
    tx.defer(touch, scope, token, named("now", now));
    tx.defer(empty_parent, token);
    co_return co_await tx.execute(
        statement, token, named("successor", sql::Blob{successor}), named("now", now)
    ) == 1;
}

}  // namespace afterresume::accounts
