#include "features/sharing/service.h"

#include "infra/crypto/crypto.h"

#include <boost/json/value.hpp>

namespace afterresume::sharing {

using auditing::Act;

namespace {

constexpr std::chrono::days standard_lifetime{30};
constexpr std::chrono::days longest_lifetime{366};

void require_near(Timestamp end, Timestamp now) {
    if (end <= now || end > now + longest_lifetime)
        throw Error::invalid_fields({{"/expires_at", "is not within a year from now"}});
}

}  // namespace

Task<bool> Service::is_off(TenantId tenant) {
    if (!is_off_) co_return false;
    co_return co_await is_off_(tenant);
}

Task<Prepared> Service::prepare(Scope scope, CreateShare wanted) {
    if (co_await is_off(scope.tenant()))
        throw Error(ErrorKind::forbidden, "sharing.off", "Sharing is switched off here.");
    Prepared prepared;
    auto& link = prepared.link;
    link.created_at = parts_.clock.now();
    link.expires_at = wanted.expires_at.value_or(link.created_at + standard_lifetime);
    require_near(link.expires_at, link.created_at);
    link.name = std::move(wanted.name);
    link.report_id = wanted.report_id;
    link.pinned = wanted.pinned.value_or(false);
    link.contacts = wanted.contacts.value_or(Contacts::hidden);
    link.has_password = wanted.password.has_value();
    link.most_views = wanted.most_views;
    if (wanted.password)
        prepared.password_hash = co_await parts_.hashing.hash(std::move(*wanted.password));
    co_return prepared;
}

Task<MadeShare> Service::make(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Prepared prepared
) {
    MadeShare made{std::move(prepared.link), crypto::random_token(), {}};
    made.link = fmt::format("{}/s/{}", public_url_, made.token);
    co_await parts_.tenants.require(tx, scope, Permission::write);
    co_await parts_.reports.get(tx, scope, made.share.report_id);
    made.share.id = co_await tx.new_id<ShareLink>();
    parts_.links.insert(tx, scope, made.share, made.token, prepared.password_hash);
    co_await parts_.quotas.require_share_links(tx, scope);
    co_await record(tx, scope, origin, Act::share_made, made.share.id);
    co_return made;
}

Task<SharePage> Service::list(sql::Tx& tx, const Scope& scope, ListMore query) {
    auto rows = co_await parts_.links.list(
        tx, scope, query.cursor.value_or(INT64_MAX), query.page_size + 1
    );
    auto page = cut_by_id(std::move(rows), query.page_size);
    co_return SharePage{std::move(page.items), std::move(page.next_cursor)};
}

Task<ShareLink> Service::get(sql::Tx& tx, const Scope& scope, Id<ShareLink> id) {
    auto link = co_await parts_.links.find(tx, scope, id);
    if (!link) throw Error::not_found("share link");
    co_return std::move(*link);
}

Task<ShareLink> Service::edit(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<ShareLink> id, Match match,
    EditShare change
) {
    auto link = co_await parts_.links.find_for_change(tx, scope, id);
    if (!link) throw Error::not_found("share link");
    match.require(link->version);
    if (link->revoked_at)
        throw Error(
            ErrorKind::conflict, "sharing.revoked", "This link was revoked; make another one."
        );
    co_await parts_.tenants.require(tx, scope, Permission::write);
    if (change.expires_at.value) require_near(*change.expires_at.value, parts_.clock.now());
    change.name.apply_to(link->name);
    change.contacts.apply_to(link->contacts);
    change.most_views.apply_to(link->most_views);
    change.expires_at.apply_to(link->expires_at);
    link->version += 1;
    parts_.links.update(tx, scope, *link);
    // One that had expired may count again.
    co_await parts_.quotas.require_share_links(tx, scope);
    co_await record(tx, scope, origin, Act::share_changed, id);
    co_return std::move(*link);
}

Task<void> Service::revoke(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<ShareLink> id, Match match
) {
    auto link = co_await parts_.links.find_for_change(tx, scope, id);
    if (!link || link->revoked_at) throw Error::not_found("share link");
    match.require(link->version);
    parts_.links.revoke(tx, scope, id, parts_.clock.now());
    co_await record(tx, scope, origin, Act::share_revoked, id);
}

Task<ViewPage> Service::views(sql::Tx& tx, const Scope& scope, Id<ShareLink> id, ListMore query) {
    co_await get(tx, scope, id);
    auto rows = co_await parts_.links.views(
        tx, scope, id, query.cursor.value_or(INT64_MAX), query.page_size + 1
    );
    auto page = cut_by_id(std::move(rows), query.page_size);
    co_return ViewPage{std::move(page.items), std::move(page.next_cursor)};
}

Task<void> Service::record(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Act act, Id<ShareLink> id
) {
    JsonObject data{{"share_id", id.value}};
    co_await parts_.audit.record(
        tx, scope, origin, act, auditing::Outcome::success, std::move(data)
    );
}

}  // namespace afterresume::sharing
