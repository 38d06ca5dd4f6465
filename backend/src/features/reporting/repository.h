// The only SQL of reports.
#pragma once

#include "core/scope.h"
#include "features/reporting/schema.h"
#include "features/reporting/window.h"
#include "infra/sql/database.h"

namespace afterresume::reporting {

// A report as its row holds it.
struct Stored : Report {
    Id<Report> chain_id;
    // Whether its person named it.
    bool own_title = false;
};
BOOST_DESCRIBE_STRUCT(Stored, (Report), (chain_id, own_title))

// A place in the list: everything older than this.
struct Place {
    Timestamp created_at = Timestamp(std::chrono::sys_days(std::chrono::year(9999) / 12 / 31));
    std::int64_t id = INT64_MAX;
};
BOOST_DESCRIBE_STRUCT(Place, (), (created_at, id))

std::string cursor_of(const Summary& last);
// Throws Error(malformed, "request.malformed_cursor").
Place place_of(const std::optional<std::string>& cursor);

class Repository {
public:
    // Whoever makes a version waits here for others who do, so that a chain never forks.
    Task<void> take_turn(sql::Tx& tx, const Scope& scope);
    // The newest version of a kind and window; locks the row.
    Task<std::optional<Stored>> find_latest_for_change(
        sql::Tx& tx, const Scope& scope, Kind kind, const std::optional<Window>& window
    );

    // Awaits nothing: travels with the commit.
    void insert(sql::Tx& tx, const Scope& scope, const Stored& report);
    void supersede(sql::Tx& tx, const Scope& scope, Id<Report> id);
    void update(sql::Tx& tx, const Scope& scope, const Stored& report);
    // With all versions when it is the newest one.
    void remove(sql::Tx& tx, const Scope& scope, const Stored& report, Timestamp now);

    Task<std::optional<Stored>> find(sql::Tx& tx, const Scope& scope, Id<Report> id);
    Task<std::optional<Stored>> find_for_change(sql::Tx& tx, const Scope& scope, Id<Report> id);
    Task<std::optional<Stored>> find_resume(sql::Tx& tx, const Scope& scope);
    // One more than a page, newest first; of each chain the newest version.
    Task<std::vector<Summary>> list(
        sql::Tx& tx, const Scope& scope, const std::optional<Kind>& kind, const Place& place,
        std::int64_t most
    );
    // Newest first.
    Task<std::vector<Summary>> versions(sql::Tx& tx, const Scope& scope, Id<Report> chain);
};

}  // namespace afterresume::reporting
