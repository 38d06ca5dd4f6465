// The only SQL of accounts, sessions and refresh tokens.
#pragma once

#include "features/accounts/model.h"
#include "infra/sql/database.h"

namespace afterresume::accounts {

// Whose account or token it is, before anyone has a scope. Tenant 0 for who belongs to none.
struct Owner {
    UserId user_id;
    TenantId tenant_id;
};
BOOST_DESCRIBE_STRUCT(Owner, (), (user_id, tenant_id))

struct TokenState;

struct TokenOwner {
    Id<TokenState> token_id;
    Id<Session> session_id;
    UserId user_id;
    // Where the family was used last.
    TenantId last_tenant_id;
};
BOOST_DESCRIBE_STRUCT(TokenOwner, (), (token_id, session_id, user_id, last_tenant_id))

struct NewToken {
    Id<TokenState> id;
    Id<Session> session_id;
    sql::Blob token_hash;
    sql::Blob agent_hash;
    // Whose place it takes; nothing for the first of a session.
    std::optional<Id<TokenState>> parent_id;
};
BOOST_DESCRIBE_STRUCT(NewToken, (), (id, session_id, token_hash, agent_hash, parent_id))

// A refresh token with the state of its family.
struct TokenState {
    std::optional<Timestamp> rotated_at;
    std::optional<sql::Blob> successor;
    sql::Blob agent_hash;
    std::int64_t version = 0;
    std::optional<Timestamp> ended_at;
    Timestamp expires_at;
    // Whether the token after this one has been rotated too.
    bool is_grandparent = false;
};
BOOST_DESCRIBE_STRUCT(
    TokenState, (),
    (rotated_at, successor, agent_hash, version, ended_at, expires_at, is_grandparent)
)

class Repository {
public:
    Task<std::optional<Owner>> find_owner(sql::Tx& anonymous, const std::string& email_folded);
    // At most two, so that a caller can tell "the only one" from "one of many".
    Task<std::vector<Owner>> first_owners(sql::Tx& anonymous);
    Task<std::vector<LiveSession>> live_sessions(
        sql::Tx& anonymous, const std::vector<SessionPlace>& wanted
    );
    // What the session with the cookie of that hash allows; nothing when it has ended.
    Task<std::optional<LiveSession>> find_staff_session(
        sql::Tx& anonymous, const std::string& cookie_hash, Timestamp now
    );
    // Of the last two minutes, whoever made them.
    Task<std::vector<SessionChange>> session_changes(sql::Tx& anonymous);

    // Throws Error(conflict, "sql.unique") at the commit when the address is taken.
    void insert(sql::Tx& tx, const Account& account);
    Task<std::optional<Account>> find(sql::Tx& tx, UserId id);
    // Locks the row.
    Task<std::optional<Account>> find_for_change(sql::Tx& tx, UserId id);
    Task<void> update(sql::Tx& tx, const Account& account, Timestamp now);
    // Leaves an earlier proof as it is.
    void note_verified(sql::Tx& tx, UserId id, Timestamp now);
    // The scope's user operates the installation from now on, with all rights.
    Task<void> make_operator(sql::Tx& tx, const Scope& scope, Timestamp now);
    // The same password in another form, while `former` is its hash: no new epoch.
    void renew_hash(
        sql::Tx& tx, const Scope& scope, const std::string& former, const std::string& hash
    );
    // Begins a new epoch. With `former`, only while that is the hash; whether it was.
    Task<bool> replace_password(
        sql::Tx& tx, UserId id, const std::optional<std::string>& former, const std::string& hash,
        Timestamp now
    );
    // Another epoch, for the scope's session alone.
    Task<void> begin_epoch(sql::Tx& tx, const Scope& scope);
    // The scope's session goes on in the user's present epoch.
    void keep_session(sql::Tx& tx, const Scope& scope);
    // Nothing is left of the scope's user but the number: they sign in no more, what they were
    // signed in by is void, and somebody else may have the address. False if so it is already.
    Task<bool> empty(sql::Tx& tx, const Scope& scope, Timestamp now);
    void touch_login(sql::Tx& tx, UserId id, Timestamp now);

    // With the hash of a cookie, one of an operator's pages.
    void insert_session(
        sql::Tx& tx, const Scope& scope, const Session& session,
        const std::optional<sql::Blob>& cookie_hash = {}
    );
    // Newest first, those before an id.
    Task<std::vector<Session>> open_sessions(
        sql::Tx& tx, const Scope& scope, Timestamp now, std::int64_t before, std::int64_t most
    );
    // Its version, locked until the transaction ends; nothing when it has ended.
    Task<std::optional<std::int64_t>> lock_session(sql::Tx& tx, const Scope& scope, Id<Session> id);
    // Awaits nothing: travels with the commit.
    void end_session(sql::Tx& tx, const Scope& scope, Id<Session> id, Timestamp now);

    // Removes sessions that ended or ran out before `before`, with their tokens; how many.
    Task<std::int64_t> purge_sessions(sql::Tx& engine, Timestamp before, std::int64_t most);
    // Empties the sealed successors of tokens that were rotated before `before`; how many.
    Task<std::int64_t> empty_successors(sql::Tx& engine, Timestamp before, std::int64_t most);

    void insert_token(sql::Tx& tx, const Scope& scope, const NewToken& token, Timestamp now);
    Task<std::optional<TokenOwner>> find_token_owner(sql::Tx& anonymous, const std::string& hash);
    // Locks the family until the transaction ends.
    Task<std::optional<TokenState>> lock_token(sql::Tx& tx, const TokenOwner& token);
    // For the scope's tenant. False when it was rotated before.
    Task<bool> rotate(
        sql::Tx& tx, const Scope& scope, const TokenOwner& token, const std::string& successor,
        Timestamp now
    );
};

}  // namespace afterresume::accounts
