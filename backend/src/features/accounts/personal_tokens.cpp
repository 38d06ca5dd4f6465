#include "features/accounts/personal_tokens.h"

#include "core/scope_mint.h"
#include "infra/crypto/crypto.h"

#include <boost/json/value.hpp>

#include <algorithm>

namespace afterresume::accounts {

using auditing::Act;
using auditing::Outcome;
using sql::named;

namespace {

// So that scanners of published secrets know one when they see it.
constexpr std::string_view prefix = "arp_";
constexpr std::int64_t standard_days = 90;
constexpr std::int64_t most_tokens = 50;
// How exactly last_used_at is kept.
constexpr auto noted_every = std::chrono::minutes(10);

struct PersonalTokenOwner {
    Id<PersonalToken> token_id;
    UserId user_id;
    TenantId tenant;
    Role role = Role::read_only;
    std::string time_zone;
    std::vector<Permission> scopes;
    std::optional<Timestamp> last_used_at;
};
BOOST_DESCRIBE_STRUCT(
    PersonalTokenOwner, (), (token_id, user_id, tenant, role, time_zone, scopes, last_used_at)
)

std::vector<Permission> with_reading(std::vector<Permission> scopes) {
    scopes.push_back(Permission::read);
    std::ranges::sort(scopes);
    auto [first, last] = std::ranges::unique(scopes);
    scopes.erase(first, last);
    return scopes;
}

}  // namespace

bool PersonalTokens::is_one(std::string_view token) { return token.starts_with(prefix); }

Task<MadeToken> PersonalTokens::make(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, CreateToken wanted
) {
    static constexpr sql::Statement statement{
        "personal_tokens.insert", R"sql(
        INSERT INTO personal_token (id, tenant_id, user_id, name, token_hash, scopes, sign_in_epoch, created_at, expires_at)
        VALUES (:id, :tenant_id, :user_id, :name, :token_hash, :scopes,
                (SELECT u.sign_in_epoch FROM app_user u WHERE u.id = :user_id), :created_at, :expires_at))sql"
    };
    if (co_await count(tx, scope) >= most_tokens)
        throw Error(
            ErrorKind::conflict, "accounts.too_many_tokens",
            "There are 50 tokens already; revoke those that are not needed."
        );
    MadeToken made;
    made.token = std::string(prefix) + crypto::random_token();
    made.about.id = co_await tx.new_id<PersonalToken>();
    made.about.name = std::move(wanted.name);
    made.about.scopes = with_reading(std::move(wanted.scopes));
    made.about.created_at = parts_.clock.now();
    made.about.expires_at =
        made.about.created_at + std::chrono::days(wanted.valid_days.value_or(standard_days));
    tx.defer(
        statement, scope, made.about, named("token_hash", sql::Blob{crypto::sha256(made.token)})
    );
    JsonObject data{{"token_id", made.about.id.value}};
    co_await parts_.audit.record(
        tx, scope, origin, Act::token_made, Outcome::success, std::move(data)
    );
    co_return made;
}

Task<std::int64_t> PersonalTokens::count(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"personal_tokens.count", R"sql(
        SELECT count(*) FROM personal_token
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND revoked_at IS NULL AND expires_at > :now
          AND sign_in_epoch = (SELECT u.sign_in_epoch FROM app_user u WHERE u.id = :user_id))sql"};
    return tx.one<std::int64_t>(statement, scope, named("now", parts_.clock.now()));
}

Task<PersonalTokenPage> PersonalTokens::list(sql::Tx& tx, const Scope& scope, ListMore query) {
    static constexpr sql::Statement statement{"personal_tokens.list", R"sql(
        SELECT id, name, scopes, created_at, expires_at, last_used_at, CAST(1 AS bigint) AS version
        FROM personal_token
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND revoked_at IS NULL AND expires_at > :now
          AND sign_in_epoch = (SELECT u.sign_in_epoch FROM app_user u WHERE u.id = :user_id) AND id < :before
        ORDER BY id DESC LIMIT :most)sql"};
    auto rows = co_await tx.all<PersonalToken>(
        statement, scope, named("now", parts_.clock.now()),
        named("before", query.cursor.value_or(INT64_MAX)), named("most", query.page_size + 1)
    );
    auto page = cut_by_id(std::move(rows), query.page_size);
    co_return PersonalTokenPage{std::move(page.items), std::move(page.next_cursor)};
}

Task<PersonalToken> PersonalTokens::get(sql::Tx& tx, const Scope& scope, Id<PersonalToken> id) {
    static constexpr sql::Statement statement{
        "personal_tokens.find", R"sql(
        SELECT id, name, scopes, created_at, expires_at, last_used_at, CAST(1 AS bigint) AS version
        FROM personal_token
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND revoked_at IS NULL AND expires_at > :now
          AND sign_in_epoch = (SELECT u.sign_in_epoch FROM app_user u WHERE u.id = :user_id) AND id = :id)sql"
    };
    auto token = co_await tx.find<PersonalToken>(
        statement, scope, named("id", id), named("now", parts_.clock.now())
    );
    if (!token) throw Error::not_found("token");
    co_return std::move(*token);
}

Task<void> PersonalTokens::revoke(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<PersonalToken> id,
    Match match
) {
    static constexpr sql::Statement statement{
        "personal_tokens.revoke", R"sql(
        UPDATE personal_token SET revoked_at = :now
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id AND revoked_at IS NULL)sql"
    };
    auto revoked =
        co_await tx.execute(statement, scope, named("id", id), named("now", parts_.clock.now()));
    if (revoked == 0) throw Error::not_found("token");
    match.require(PersonalToken().version);
    JsonObject data{{"token_id", id.value}};
    co_await parts_.audit.record(
        tx, scope, origin, Act::token_revoked, Outcome::success, std::move(data)
    );
}

Task<Scope> PersonalTokens::authenticate(std::string token, Uuid correlation) {
    static constexpr sql::Statement statement{
        "personal_tokens.lookup",
        "SELECT token_id, user_id, tenant, role, time_zone, scopes, last_used_at FROM "
        "lookup_personal_token(:token_hash, :now)",
        "SELECT token_id, user_id, tenant, role, time_zone, scopes, last_used_at FROM "
        "lookup_personal_token WHERE token_hash = :token_hash AND expires_at > :now"
    };
    auto now = parts_.clock.now();
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto owner = co_await anonymous->find<PersonalTokenOwner>(
        statement, named("token_hash", sql::Blob{crypto::sha256(token)}), named("now", now)
    );
    if (!owner)
        throw Error(
            ErrorKind::unauthenticated, "accounts.not_signed_in",
            "This token is not known, has expired or was revoked."
        );
    Identity identity;
    identity.tenant = owner->tenant;
    identity.user = owner->user_id;
    identity.role = owner->role;
    identity.time_zone = owner->time_zone;
    identity.limited_to = owner->scopes;
    identity.cause.correlation = correlation;
    auto scope = ScopeMint::mint(identity);
    if (!owner->last_used_at || now - *owner->last_used_at > noted_every)
        co_await note_use(scope, owner->token_id);
    co_return scope;
}

Task<void> PersonalTokens::note_use(const Scope& scope, Id<PersonalToken> id) {
    static constexpr sql::Statement statement{
        "personal_tokens.note_use", R"sql(
        UPDATE personal_token SET last_used_at = :now WHERE tenant_id = :tenant_id AND id = :id)sql"
    };
    auto tx = parts_.database.begin(scope, sql::Access::write);
    tx->defer(statement, scope, named("id", id), named("now", parts_.clock.now()));
    co_await tx->commit();
}

Task<std::int64_t> PersonalTokens::purge(
    sql::Tx& tx, const Scope& scope, Timestamp before, std::int64_t most
) {
    static constexpr sql::Statement statement{
        "personal_tokens.purge", R"sql(
        DELETE FROM personal_token WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM personal_token
            WHERE tenant_id = :tenant_id AND (expires_at < :before OR revoked_at < :before) LIMIT :most))sql"
    };
    return tx.execute(statement, scope, named("before", before), named("most", most));
}

}  // namespace afterresume::accounts
