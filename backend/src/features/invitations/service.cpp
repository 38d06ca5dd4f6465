#include "features/invitations/service.h"

#include "core/text.h"
#include "features/invitations/redemption.h"
#include "infra/crypto/crypto.h"

#include <boost/json/value.hpp>

namespace afterresume::invitations {

namespace {

constexpr std::int64_t standard_days = 7;

sql::Blob hash_of(const std::string& code) { return {crypto::sha256(code)}; }

}  // namespace

Error not_usable() {
    return Error(
        ErrorKind::gone, "invitations.not_usable",
        "This invitation has been used, has expired, or is for someone else."
    );
}

std::string Service::link_of(const std::string& code) const {
    return fmt::format("{}/api/docs/?invitation={}", public_url_, code);
}

Task<MadeInvitation> Service::make(
    sql::Tx& tx, const Scope& scope, CreateInvitation wanted,
    const std::optional<std::string>& mailed_code
) {
    static constexpr sql::Statement statement{
        "invitations.insert", R"sql(
        INSERT INTO invitation (id, tenant_id, code_hash, mailed_hash, email_folded, role, maker_id, created_at, expires_at)
        VALUES (:id, :tenant_id, :code_hash, :mailed_hash, :email, :role, :maker_id, :created_at, :expires_at))sql"
    };
    MadeInvitation made;
    made.code = crypto::random_token();
    made.link = link_of(made.code);
    auto& invitation = made.invitation;
    invitation.id = co_await tx.new_id<Invitation>();
    if (wanted.email) invitation.email = fold_for_search(*wanted.email);
    invitation.role = wanted.role;
    invitation.created_at = clock_.now();
    invitation.expires_at =
        invitation.created_at + std::chrono::days(wanted.valid_days.value_or(standard_days));
    auto maker = scope.user().value == 0 ? std::optional<UserId>() : std::optional(scope.user());
    tx.defer(
        statement, scope, invitation, sql::named("code_hash", hash_of(made.code)),
        sql::named(
            "mailed_hash", mailed_code ? std::optional(hash_of(*mailed_code)) : std::nullopt
        ),
        sql::named("maker_id", maker)
    );
    co_return made;
}

Task<MadeInvitation> Service::create(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, CreateInvitation wanted
) {
    auto own = co_await tenants_.require(tx, scope, Permission::manage);
    if (wanted.role <= own) {
        throw Error(
            ErrorKind::forbidden, "invitations.role_too_high",
            "You can invite to roles below your own alone."
        );
    }
    co_return co_await invite(tx, scope, scope, origin, std::move(wanted));
}

Task<Invitation> Service::create_for_owner(
    sql::Tx& tx, const Scope& by, const Scope& sender, const auditing::Origin& origin,
    std::string email
) {
    CreateInvitation wanted;
    wanted.email = std::move(email);
    wanted.role = Role::owner;
    auto made = co_await invite(tx, by, sender, origin, std::move(wanted));
    co_return std::move(made.invitation);
}

Task<void> Service::revoke_for_owner(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin
) {
    static constexpr sql::Statement statement{"invitations.revoke_for_owner", R"sql(
        DELETE FROM invitation WHERE tenant_id = :tenant_id AND role = 'owner' AND redeemed_at IS NULL
        RETURNING id)sql"};
    for (auto id : co_await tx.all<Id<Invitation>>(statement, scope))
        co_await tell_revoked(tx, scope, origin, id);
}

Task<MadeInvitation> Service::invite(
    sql::Tx& tx, const Scope& scope, const Scope& sender, const auditing::Origin& origin,
    CreateInvitation wanted
) {
    auto address = wanted.email;
    std::optional<std::string> mailed_code;
    if (address) mailed_code = crypto::random_token();
    auto made = co_await make(tx, scope, std::move(wanted), mailed_code);
    if (address)
        co_await mail_to(
            tx, scope, sender, std::move(*address), link_of(*mailed_code), made.invitation
        );
    JsonObject data{
        {"invitation_id", made.invitation.id.value},
        {"role", describe::name_of(made.invitation.role)}
    };
    co_await audit_.record(
        tx, scope, origin, auditing::Act::invitation_made, auditing::Outcome::success,
        std::move(data)
    );
    co_return made;
}

Task<void> Service::mail_to(
    sql::Tx& tx, const Scope& maker, const Scope& sender, std::string address, std::string link,
    const Invitation& invitation
) {
    static constexpr sql::Statement statement{
        "invitations.maker", "SELECT display_name FROM app_user WHERE id = :user_id"
    };
    auto name = co_await tx.find<std::string>(statement, maker);
    auto lifetime =
        std::chrono::round<std::chrono::hours>(invitation.expires_at - invitation.created_at);
    mail::Letter letter{
        mail::Kind::invitation, std::move(address), name.value_or("Somebody"), std::move(link),
        lifetime.count()
    };
    co_await postbox_.post(tx, sender, std::move(letter));
}

Task<MadeInvitation> Service::create_first(sql::Tx& tx, const Scope& scope) {
    CreateInvitation wanted;
    wanted.role = Role::owner;
    co_return co_await make(tx, scope, std::move(wanted), std::nullopt);
}

Task<InvitationPage> Service::list(sql::Tx& tx, const Scope& scope, ListMore query) {
    static constexpr sql::Statement statement{
        "invitations.list", R"sql(
        SELECT id, email_folded AS email, role, created_at, expires_at, redeemed_at,
               CAST(CASE WHEN redeemed_at IS NULL THEN 1 ELSE 2 END AS bigint) AS version
        FROM invitation WHERE tenant_id = :tenant_id AND id < :before ORDER BY id DESC LIMIT :most)sql"
    };
    auto rows = co_await tx.all<Invitation>(
        statement, scope, sql::named("before", query.cursor.value_or(INT64_MAX)),
        sql::named("most", query.page_size + 1)
    );
    auto page = cut_by_id(std::move(rows), query.page_size);
    co_return InvitationPage{std::move(page.items), std::move(page.next_cursor)};
}

Task<Invitation> Service::get(sql::Tx& tx, const Scope& scope, Id<Invitation> id) {
    static constexpr sql::Statement statement{"invitations.find", R"sql(
        SELECT id, email_folded AS email, role, created_at, expires_at, redeemed_at,
               CAST(CASE WHEN redeemed_at IS NULL THEN 1 ELSE 2 END AS bigint) AS version
        FROM invitation WHERE tenant_id = :tenant_id AND id = :id)sql"};
    auto invitation = co_await tx.find<Invitation>(statement, scope, sql::named("id", id));
    if (!invitation) throw Error::not_found("invitation");
    co_return std::move(*invitation);
}

Task<void> Service::revoke(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<Invitation> id, Match match
) {
    static constexpr sql::Statement statement{
        "invitations.revoke", "DELETE FROM invitation WHERE tenant_id = :tenant_id AND id = :id"
    };
    co_await tenants_.require(tx, scope, Permission::manage);
    auto invitation = co_await lock_invitation(tx, scope, id);
    if (!invitation) throw Error::not_found("open invitation");
    match.require(invitation->version);
    if (invitation->redeemed_at) throw Error::not_found("open invitation");
    tx.defer(statement, scope, sql::named("id", id));
    co_await tell_revoked(tx, scope, origin, id);
}

Task<void> Service::tell_revoked(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<Invitation> id
) {
    JsonObject data{{"invitation_id", id.value}};
    co_await audit_.record(
        tx, scope, origin, auditing::Act::invitation_revoked, auditing::Outcome::success,
        std::move(data)
    );
}

Task<std::optional<Place>> Service::find_place(sql::Tx& anonymous, const std::string& code) {
    static constexpr sql::Statement statement{
        "invitations.lookup",
        "SELECT invitation_id, tenant_id, mailed FROM lookup_invitation(:code_hash, :now)",
        "SELECT invitation_id, tenant_id, mailed FROM lookup_invitation WHERE code_hash = "
        ":code_hash AND expires_at > :now"
    };
    co_return co_await anonymous.find<Place>(
        statement, sql::named("code_hash", hash_of(code)), sql::named("now", clock_.now())
    );
}

Task<Role> Service::redeem(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<Invitation> id,
    const std::string& email_folded
) {
    Redemption redemption(audit_, scope, origin, id, email_folded, clock_.now());
    auto verdict = co_await single_use::once(tx, redemption);
    if (verdict != single_use::Verdict::fresh) throw not_usable();
    co_return redemption.role();
}

Task<std::int64_t> Service::purge(
    sql::Tx& tx, const Scope& scope, Timestamp before, std::int64_t most
) {
    static constexpr sql::Statement statement{
        "invitations.purge", R"sql(
        DELETE FROM invitation WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM invitation
            WHERE tenant_id = :tenant_id AND (expires_at < :before OR redeemed_at < :before) LIMIT :most))sql"
    };
    return tx.execute(statement, scope, sql::named("before", before), sql::named("most", most));
}

}  // namespace afterresume::invitations
