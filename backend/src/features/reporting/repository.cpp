#include "features/reporting/repository.h"

#include <charconv>

namespace afterresume::reporting {

using sql::named;

std::string cursor_of(const Summary& last) {
    return fmt::format("{}.{}", last.created_at.time_since_epoch().count(), last.id.value);
}

Place place_of(const std::optional<std::string>& cursor) {
    Place place;
    if (!cursor) return place;
    const auto* end = cursor->data() + cursor->size();
    std::int64_t millis = 0;
    auto time = std::from_chars(cursor->data(), end, millis);
    auto dot = time.ec == std::errc() && time.ptr != end && *time.ptr == '.';
    auto id = dot ? std::from_chars(time.ptr + 1, end, place.id)
                  : std::from_chars_result{end, std::errc::invalid_argument};
    auto far = millis < 0 || millis > place.created_at.time_since_epoch().count();
    if (id.ec != std::errc() || id.ptr != end || far) {
        throw Error(
            ErrorKind::malformed, "request.malformed_cursor",
            "The cursor is none that a list here gave."
        );
    }
    place.created_at = Timestamp(std::chrono::milliseconds(millis));
    return place;
}

Task<void> Repository::take_turn(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "reporting.take_turn",
        "SELECT CAST(pg_advisory_xact_lock(hashtextextended('reporting', CAST(:user_id AS "
        "bigint))) AS text)",
        // SQLite's writer is alone anyway.
        "SELECT :user_id"
    };
    co_await tx.execute(statement, scope);
}

Task<std::optional<Stored>> Repository::find_latest_for_change(
    sql::Tx& tx, const Scope& scope, Kind kind, const std::optional<Window>& window
) {
    static constexpr sql::Statement statement{"reporting.find_latest", R"sql(
        SELECT id, kind, window_from AS "from", window_to AS "to", title, own_title, content,
               theme, status, generator, chain_id, number, supersedes, superseded, version,
               created_at, updated_at
        FROM report
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND kind = :kind
          AND deleted_at IS NULL AND NOT superseded
          AND window_from IS NOT DISTINCT FROM :from AND window_to IS NOT DISTINCT FROM :to
        ORDER BY created_at DESC, id DESC LIMIT 1 FOR UPDATE)sql"};
    auto from = window ? std::optional(window->from) : std::nullopt;
    auto to = window ? std::optional(window->to) : std::nullopt;
    co_return co_await tx.find<Stored>(
        statement, scope, named("kind", kind), named("from", from), named("to", to)
    );
}

void Repository::insert(sql::Tx& tx, const Scope& scope, const Stored& report) {
    static constexpr sql::Statement statement{"reporting.insert", R"sql(
        INSERT INTO report (id, tenant_id, user_id, kind, window_from, window_to, title, own_title,
                            content, theme, status, generator, chain_id, number, supersedes,
                            superseded, version, created_at, updated_at)
        VALUES (:id, :tenant_id, :user_id, :kind, :from, :to, :title, :own_title,
                :content, :theme, :status, :generator, :chain_id, :number, :supersedes,
                :superseded, :version, :created_at, :updated_at))sql"};
    tx.defer(statement, report, scope);
}

void Repository::supersede(sql::Tx& tx, const Scope& scope, Id<Report> id) {
    static constexpr sql::Statement statement{"reporting.supersede", R"sql(
        UPDATE report SET superseded = TRUE, version = version + 1
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id)sql"};
    tx.defer(statement, scope, named("id", id));
}

void Repository::update(sql::Tx& tx, const Scope& scope, const Stored& report) {
    static constexpr sql::Statement statement{"reporting.update", R"sql(
        UPDATE report SET title = :title, own_title = :own_title, content = :content,
            theme = :theme, status = :status, version = :version, updated_at = :updated_at
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id)sql"};
    tx.defer(statement, report, scope);
}

void Repository::remove(sql::Tx& tx, const Scope& scope, const Stored& report, Timestamp now) {
    static constexpr sql::Statement one{"reporting.remove", R"sql(
        UPDATE report SET deleted_at = :now, version = version + 1
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id)sql"};
    static constexpr sql::Statement whole_chain{"reporting.remove_chain", R"sql(
        UPDATE report SET deleted_at = :now, version = version + 1
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND chain_id = :id
          AND deleted_at IS NULL)sql"};
    auto id = report.superseded ? report.id : report.chain_id;
    tx.defer(report.superseded ? one : whole_chain, scope, named("id", id), named("now", now));
}

Task<std::optional<Stored>> Repository::find(sql::Tx& tx, const Scope& scope, Id<Report> id) {
    static constexpr sql::Statement statement{"reporting.get", R"sql(
        SELECT id, kind, window_from AS "from", window_to AS "to", title, own_title, content,
               theme, status, generator, chain_id, number, supersedes, superseded, version,
               created_at, updated_at
        FROM report WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id
          AND deleted_at IS NULL)sql"};
    co_return co_await tx.find<Stored>(statement, scope, named("id", id));
}

Task<std::optional<Stored>> Repository::find_for_change(
    sql::Tx& tx, const Scope& scope, Id<Report> id
) {
    static constexpr sql::Statement statement{"reporting.get_for_change", R"sql(
        SELECT id, kind, window_from AS "from", window_to AS "to", title, own_title, content,
               theme, status, generator, chain_id, number, supersedes, superseded, version,
               created_at, updated_at
        FROM report WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id
          AND deleted_at IS NULL FOR UPDATE)sql"};
    co_return co_await tx.find<Stored>(statement, scope, named("id", id));
}

Task<std::optional<Stored>> Repository::find_resume(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"reporting.get_resume", R"sql(
        SELECT id, kind, window_from AS "from", window_to AS "to", title, own_title, content,
               theme, status, generator, chain_id, number, supersedes, superseded, version,
               created_at, updated_at
        FROM report
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND kind = 'resume'
          AND deleted_at IS NULL AND NOT superseded
        ORDER BY created_at DESC, id DESC LIMIT 1)sql"};
    co_return co_await tx.find<Stored>(statement, scope);
}

Task<std::vector<Summary>> Repository::list(
    sql::Tx& tx, const Scope& scope, const std::optional<Kind>& kind, const Place& place,
    std::int64_t most
) {
    static constexpr sql::Statement all{"reporting.list", R"sql(
        SELECT id, kind, window_from AS "from", window_to AS "to", title, theme, status,
               generator, number, supersedes, superseded, version, created_at, updated_at
        FROM report
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND deleted_at IS NULL
          AND NOT superseded AND (created_at, id) < (:created_at, :id)
        ORDER BY created_at DESC, id DESC LIMIT :most)sql"};
    static constexpr sql::Statement of_kind{"reporting.list_kind", R"sql(
        SELECT id, kind, window_from AS "from", window_to AS "to", title, theme, status,
               generator, number, supersedes, superseded, version, created_at, updated_at
        FROM report
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND kind = :kind
          AND deleted_at IS NULL AND NOT superseded
          AND (created_at, id) < (:created_at, :id)
        ORDER BY created_at DESC, id DESC LIMIT :most)sql"};
    co_return co_await tx.all<Summary>(
        kind ? of_kind : all, scope, place, named("kind", kind), named("most", most)
    );
}

Task<std::vector<Summary>> Repository::versions(sql::Tx& tx, const Scope& scope, Id<Report> chain) {
    static constexpr sql::Statement statement{"reporting.versions", R"sql(
        SELECT id, kind, window_from AS "from", window_to AS "to", title, theme, status,
               generator, number, supersedes, superseded, version, created_at, updated_at
        FROM report WHERE tenant_id = :tenant_id AND user_id = :user_id AND chain_id = :chain
          AND deleted_at IS NULL
        ORDER BY number DESC LIMIT 200)sql"};
    co_return co_await tx.all<Summary>(statement, scope, named("chain", chain));
}

}  // namespace afterresume::reporting
