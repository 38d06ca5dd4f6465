#include "features/exports/service.h"

#include "features/exports/sealed_piece.h"
#include "infra/crypto/crypto.h"

#include <boost/json/value.hpp>

namespace afterresume::exports {

using auditing::Act;
using auditing::Outcome;
using sql::named;

namespace {

JsonObject told_of(const Export& one) {
    return {{"export_id", one.id.value}, {"bytes", one.bytes}};
}

Task<std::optional<Export>> find(sql::Tx& tx, const Scope& scope, Id<Export> id, Timestamp now) {
    static constexpr sql::Statement statement{
        "exports.find", R"sql(
        SELECT id, user_id, bytes, created_at, expires_at FROM tenant_export
        WHERE tenant_id = :tenant_id AND id = :id AND finished_at IS NOT NULL AND expires_at > :now)sql"
    };
    return tx.find<Export>(statement, scope, named("id", id), named("now", now));
}

}  // namespace

Task<Uuid> Service::ask(sql::Tx& tx, const Scope& scope) {
    co_await parts_.tenants.require(tx, scope, Permission::own);
    auto jobs = co_await parts_.events.record(tx, scope, ExportAsked{});
    co_return jobs.empty() ? Uuid{} : jobs.front();
}

Task<Id<Export>> Service::begin(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"exports.begin", R"sql(
        INSERT INTO tenant_export (id, tenant_id, user_id, bytes, created_at, expires_at)
        VALUES (:id, :tenant_id, :user_id, 0, :now, :expires_at))sql"};
    auto id = co_await tx.new_id<Export>();
    auto now = parts_.clock.now();
    tx.defer(
        statement, scope, named("id", id), named("now", now), named("expires_at", now + kept_for)
    );
    co_return id;
}

Task<void> Service::append(
    sql::Tx& tx, const Scope& scope, Id<Export> id, std::int64_t number, std::string piece
) {
    static constexpr sql::Statement count{"exports.count", R"sql(
        UPDATE tenant_export SET bytes = bytes + :more
        WHERE tenant_id = :tenant_id AND id = :id AND bytes <= :most)sql"};
    static constexpr sql::Statement insert{"exports.append", R"sql(
        INSERT INTO tenant_export_chunk (export_id, number, tenant_id, data)
        VALUES (:id, :number, :tenant_id, :data))sql"};
    auto size = static_cast<std::int64_t>(piece.size());
    auto counted = co_await tx.execute(
        count, scope, named("id", id), named("more", size), named("most", most_bytes - size)
    );
    if (counted == 0)
        throw Error(
            ErrorKind::too_large, "exports.too_large",
            "There is more in this workspace than an export can hold."
        );
    auto sealed = crypto::seal(keys_.front(), piece, place_of(scope.tenant(), id, number));
    tx.defer(
        insert, scope, named("id", id), named("number", number),
        named("data", sql::Blob{std::move(sealed)})
    );
}

Task<Export> Service::finish(sql::Tx& tx, const Scope& scope, Id<Export> id) {
    static constexpr sql::Statement finish{"exports.finish", R"sql(
        UPDATE tenant_export SET finished_at = :now WHERE tenant_id = :tenant_id AND id = :id)sql"};
    static constexpr sql::Statement end_others{
        "exports.end_others", R"sql(
        UPDATE tenant_export SET expires_at = :now
        WHERE tenant_id = :tenant_id AND id <> :id AND finished_at IS NOT NULL AND expires_at > :now)sql"
    };
    auto now = parts_.clock.now();
    tx.defer(finish, scope, named("id", id), named("now", now));
    tx.defer(end_others, scope, named("id", id), named("now", now));
    auto made = co_await find(tx, scope, id, now);
    if (!made) throw Error::not_found("export");
    co_await parts_.audit.record(
        tx, scope, {}, Act::tenant_exported, Outcome::success, told_of(*made)
    );
    co_return *made;
}

Task<ExportPage> Service::list(sql::Tx& tx, const Scope& scope, ListMore query) {
    static constexpr sql::Statement statement{"exports.list", R"sql(
        SELECT id, user_id, bytes, created_at, expires_at FROM tenant_export
        WHERE tenant_id = :tenant_id AND finished_at IS NOT NULL AND expires_at > :now AND id < :before
        ORDER BY id DESC LIMIT :most)sql"};
    auto rows = co_await tx.all<Export>(
        statement, scope, named("now", parts_.clock.now()),
        named("before", query.cursor.value_or(INT64_MAX)), named("most", query.page_size + 1)
    );
    auto page = cut_by_id(std::move(rows), query.page_size);
    co_return ExportPage{std::move(page.items), std::move(page.next_cursor)};
}

Task<Export> Service::take(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<Export> id
) {
    co_await parts_.tenants.require(tx, scope, Permission::own);
    auto found = co_await find(tx, scope, id, parts_.clock.now());
    if (!found) throw Error::not_found("export");
    co_await parts_.audit.record(
        tx, scope, origin, Act::export_downloaded, Outcome::success, told_of(*found)
    );
    co_return *found;
}

Task<std::optional<std::string>> Service::piece(
    sql::Tx& tx, const Scope& scope, Id<Export> id, std::int64_t number
) {
    static constexpr sql::Statement statement{"exports.piece", R"sql(
        SELECT data FROM tenant_export_chunk
        WHERE tenant_id = :tenant_id AND export_id = :id AND number = :number)sql"};
    auto sealed =
        co_await tx.find<sql::Blob>(statement, scope, named("id", id), named("number", number));
    if (!sealed) co_return std::nullopt;
    auto place = place_of(scope.tenant(), id, number);
    if (auto text = crypto::open(keys_, sealed->bytes, place)) co_return text;
    throw Error(
        ErrorKind::internal, "exports.unreadable",
        "This export was sealed with a key that is not there any more."
    );
}

Task<std::int64_t> Service::purge(sql::Tx& tx, const Scope& scope, std::int64_t most) {
    // An attempt that did not come to its end leaves its pieces; no attempt takes a day.
    static constexpr sql::Statement remove_pieces{"exports.purge_pieces", R"sql(
        DELETE FROM tenant_export_chunk WHERE tenant_id = :tenant_id AND (export_id, number) IN (
            SELECT c.export_id, c.number FROM tenant_export e JOIN tenant_export_chunk c ON c.export_id = e.id
            WHERE e.tenant_id = :tenant_id
              AND (e.expires_at <= :now OR e.finished_at IS NULL AND e.created_at < :before)
            LIMIT :most))sql"};
    static constexpr sql::Statement remove{
        "exports.purge", R"sql(
        DELETE FROM tenant_export WHERE tenant_id = :tenant_id
          AND (expires_at <= :now OR finished_at IS NULL AND created_at < :before)
          AND NOT EXISTS (SELECT 1 FROM tenant_export_chunk c WHERE c.export_id = tenant_export.id))sql"
    };
    auto now = parts_.clock.now();
    auto before = named("before", now - std::chrono::days(1));
    auto removed =
        co_await tx.execute(remove_pieces, scope, named("now", now), before, named("most", most));
    tx.defer(remove, scope, named("now", now), before);
    co_return removed;
}

}  // namespace afterresume::exports
