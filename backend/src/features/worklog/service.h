// The rules of the work log, in the domain's verbs. Begins and commits nothing; catches nothing.
// Owned by app/.
#pragma once

#include "core/version.h"
#include "features/worklog/bulk.h"
#include "features/worklog/events.h"
#include "features/worklog/repository.h"
#include "infra/events/events.h"

namespace afterresume::worklog {

// That so many entries more are written. Throws what refuses them.
using Count = std::function<Task<void>(sql::Tx& tx, const Scope& scope, std::int64_t count)>;

class Service {
public:
    Service(Repository& entries, events::Events& events, const Clock& clock)
        : entries_(entries), events_(events), clock_(clock) {}

    // Entries that are written are told to `count` from now on, in their transaction.
    void count_with(Count count) { count_ = std::move(count); }
    // Throws Error(conflict, "worklog.known_already") for an external_id that was taken before.
    Task<WrittenEntry> create(sql::Tx& tx, const Scope& scope, CreateEntry draft);
    // Each item by itself; refused and known ones are told and skipped.
    Task<BulkResult> create_many(
        sql::Tx& tx, const Scope& scope, CreateEntries drafts, Source source = Source::api
    );
    Task<Entry> get(sql::Tx& tx, const Scope& scope, Id<Entry> id);
    Task<std::optional<Entry>> find(sql::Tx& tx, const Scope& scope, Id<Entry> id);
    Task<EntryPage> list(sql::Tx& tx, const Scope& scope, ListEntries query);
    Task<WrittenEntry> edit(
        sql::Tx& tx, const Scope& scope, Id<Entry> id, Match match, EditEntry change
    );
    // Soft: restore() brings it back for thirty days. Its external_id is free from now on.
    Task<void> remove(sql::Tx& tx, const Scope& scope, Id<Entry> id, Match match);
    // Throws Error(conflict, "worklog.known_already") when its external_id is another entry by now.
    Task<Entry> restore(sql::Tx& tx, const Scope& scope, Id<Entry> id);
    // The end of what was deleted thirty days ago or earlier, of anybody in the tenant: which.
    Task<std::vector<Id<Entry>>> purge(sql::Tx& tx, const Scope& scope, std::int64_t most);
    Task<std::vector<Revision>> history(sql::Tx& tx, const Scope& scope, Id<Entry> id);
    Task<Calendar> calendar(sql::Tx& tx, const Scope& scope, Days days);
    // Newest first, at most `most`.
    Task<std::vector<Entry>> between(
        sql::Tx& tx, const Scope& scope, LocalDate from, LocalDate to, std::int64_t most
    );
    // Has an entry analysed again.
    Task<std::vector<Uuid>> ask_analysis(sql::Tx& tx, const Scope& scope, Id<Entry> id);

    // Keeps what analysis found, unless the entry was edited meanwhile; then nothing happens and
    // false is given.
    Task<bool> store_analysis(sql::Tx& tx, const Scope& scope, Entry analysed);
    Task<std::vector<Pending>> pending(sql::Tx& tx, const Scope& scope, std::int64_t most);
    void store_skills(
        sql::Tx& tx, const Scope& scope, const Pending& entry,
        const std::vector<std::string>& skills
    );
    // Makes every entry pending again.
    Task<std::int64_t> forget_skills(sql::Tx& tx, const Scope& scope);

private:
    Task<Entry> entry_of(sql::Tx& tx, const Scope& scope, CreateEntry draft);

    Repository& entries_;
    events::Events& events_;
    const Clock& clock_;
    Count count_;
};

}  // namespace afterresume::worklog
