// The only SQL of the work log.
#pragma once

#include "core/scope.h"
#include "features/worklog/calendar.h"
#include "features/worklog/history.h"
#include "features/worklog/schema.h"
#include "infra/sql/database.h"

namespace afterresume::worklog {

// An entry whose skills are not known yet, or no longer: deleted ones have skills to give up.
struct Pending {
    Id<Entry> id;
    LocalDate occurred_on;
    std::optional<std::string> title;
    std::string content;
    std::optional<std::string> outcome;
    std::int64_t version = 0;
    bool deleted = false;
};
BOOST_DESCRIBE_STRUCT(Pending, (), (id, occurred_on, title, content, outcome, version, deleted))

class Repository {
public:
    // Awaits nothing: travels with the commit.
    void insert(sql::Tx& tx, const Scope& scope, const Entry& entry);
    Task<std::optional<Entry>> find(sql::Tx& tx, const Scope& scope, Id<Entry> id);
    // Own ones only; locks the row.
    Task<std::optional<Entry>> find_for_change(sql::Tx& tx, const Scope& scope, Id<Entry> id);
    Task<std::optional<Entry>> find_deleted(sql::Tx& tx, const Scope& scope, Id<Entry> id);
    // source → external_id → id of those that exist.
    // Not among the deleted ones.
    Task<std::optional<Id<Entry>>> find_external(
        sql::Tx& tx, const Scope& scope, Source source, const std::string& external_id
    );
    // Newest first.
    using ListPage = sql::JsonPage<ListedEntry, Place>;
    Task<ListPage> list(
        sql::Tx& tx, const Scope& scope, const ListEntries& query, const Place& place
    );
    void update(sql::Tx& tx, const Scope& scope, const Entry& entry);
    void remove(sql::Tx& tx, const Scope& scope, const Entry& entry, Timestamp now);
    void restore(sql::Tx& tx, const Scope& scope, const Entry& entry);
    // Of anybody in the tenant: those deleted before `before`, with all that is kept of them.
    Task<std::vector<Id<Entry>>> purge(
        sql::Tx& tx, const Scope& scope, Timestamp before, std::int64_t most
    );
    Task<void> keep_revision(sql::Tx& tx, const Scope& scope, const Entry& entry, Timestamp now);
    Task<std::vector<Revision>> history(sql::Tx& tx, const Scope& scope, Id<Entry> id);
    Task<std::vector<Day>> days(sql::Tx& tx, const Scope& scope, LocalDate from, LocalDate to);
    Task<std::vector<Entry>> between(
        sql::Tx& tx, const Scope& scope, LocalDate from, LocalDate to, std::int64_t most
    );

    Task<std::int64_t> store_analysis(sql::Tx& tx, const Scope& scope, const Entry& entry);
    Task<std::vector<Pending>> pending(sql::Tx& tx, const Scope& scope, std::int64_t most);
    void store_skills(
        sql::Tx& tx, const Scope& scope, Id<Entry> id, std::int64_t version,
        const std::vector<std::string>& skills
    );
    Task<std::int64_t> forget_skills(sql::Tx& tx, const Scope& scope);

private:
    void index(sql::Tx& tx, const Scope& scope, const Entry& entry);
    Task<ListPage> filtered(
        sql::Tx& tx, const Scope& scope, const ListEntries& query, const Place& place
    );
};

}  // namespace afterresume::worklog
