#include "features/worklog/service.h"

namespace afterresume::worklog {

namespace {

// How long a deleted entry can be brought back.
constexpr std::chrono::days restorable{30};

std::optional<std::string> unless_empty(std::optional<std::string> text) {
    return text && text->empty() ? std::nullopt : std::move(text);
}

Error known_already(Id<Entry> id) {
    return Error(
        ErrorKind::conflict, "worklog.known_already",
        fmt::format("This external_id is entry {} already.", id.value)
    );
}

}  // namespace

Task<Entry> Service::entry_of(sql::Tx& tx, const Scope& scope, CreateEntry draft) {
    Entry entry;
    entry.id = co_await tx.new_id<Entry>();
    entry.created_at = entry.updated_at = clock_.now();
    entry.occurred_on =
        draft.occurred_on ? *draft.occurred_on : local_date(entry.created_at, scope.time_zone());
    entry.content = std::move(draft.content);
    entry.title = unless_empty(std::move(draft.title));
    entry.outcome = unless_empty(std::move(draft.outcome));
    entry.project = unless_empty(std::move(draft.project));
    entry.position_id = draft.position_id;
    entry.tags = std::move(draft.tags);
    entry.duration_minutes = draft.duration_minutes;
    entry.visibility = draft.visibility.value_or("private");
    entry.source = draft.source.value_or(Source::api);
    entry.external_id = std::move(draft.external_id);
    co_return entry;
}

Task<WrittenEntry> Service::create(sql::Tx& tx, const Scope& scope, CreateEntry draft) {
    if (draft.external_id) {
        auto known = co_await entries_.find_external(
            tx, scope, draft.source.value_or(Source::api), *draft.external_id
        );
        if (known) throw known_already(*known);
    }
    if (count_) co_await count_(tx, scope, 1);
    WrittenEntry written{co_await entry_of(tx, scope, std::move(draft)), {}};
    entries_.insert(tx, scope, written);
    written.job_ids = co_await events_.record(tx, scope, EntryWritten{written.id});
    co_return written;
}

Task<BulkResult> Service::create_many(
    sql::Tx& tx, const Scope& scope, CreateEntries drafts, Source source
) {
    BulkResult result;
    std::map<std::pair<Source, std::string>, Id<Entry>> fresh;
    for (std::size_t i = 0; i < drafts.items.size(); ++i) {
        BulkItem item;
        item.index = static_cast<std::int64_t>(i);
        try {
            auto draft = describe::from_json<CreateEntry>(drafts.items[i].value);
            if (!draft.source) draft.source = source;
            auto key = std::pair{*draft.source, draft.external_id.value_or("")};
            std::optional<Id<Entry>> known;
            if (draft.external_id && fresh.contains(key)) known = fresh[key];
            if (draft.external_id && !known)
                known =
                    co_await entries_.find_external(tx, scope, *draft.source, *draft.external_id);
            if (known) {
                item.id = known;
                item.status = 200;
                ++result.duplicates;
            } else {
                auto entry = co_await entry_of(tx, scope, std::move(draft));
                entries_.insert(tx, scope, entry);
                co_await events_.record(tx, scope, EntryWritten{entry.id});
                if (entry.external_id) fresh[key] = entry.id;
                item.id = entry.id;
                ++result.created;
            }
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::invalid) throw;
            item.status = 422;
            item.error = BulkProblem{error.code(), error.what(), {}};
            for (const auto& field : error.fields())
                item.error->fields.push_back(field.pointer + " " + field.message);
            ++result.failed;
        }
        result.items.push_back(std::move(item));
    }
    if (count_ && result.created > 0) co_await count_(tx, scope, result.created);
    co_return result;
}

Task<Entry> Service::get(sql::Tx& tx, const Scope& scope, Id<Entry> id) {
    auto entry = co_await entries_.find(tx, scope, id);
    if (!entry) throw Error::not_found("entry");
    co_return std::move(*entry);
}

Task<std::optional<Entry>> Service::find(sql::Tx& tx, const Scope& scope, Id<Entry> id) {
    co_return co_await entries_.find(tx, scope, id);
}

Task<EntryPage> Service::list(sql::Tx& tx, const Scope& scope, ListEntries query) {
    auto page = co_await entries_.list(tx, scope, query, place_of(query.cursor));
    EntryPage out{std::move(page.items), std::nullopt};
    if (page.last) out.next_cursor = cursor_of(*page.last);
    co_return out;
}

Task<WrittenEntry> Service::edit(
    sql::Tx& tx, const Scope& scope, Id<Entry> id, Match match, EditEntry change
) {
    auto current = co_await entries_.find_for_change(tx, scope, id);
    if (!current) throw Error::not_found("entry");
    match.require(current->version);
    auto now = clock_.now();
    co_await entries_.keep_revision(tx, scope, *current, now);
    WrittenEntry written{std::move(*current), {}};
    change.occurred_on.apply_to(written.occurred_on);
    change.content.apply_to(written.content);
    change.title.apply_to(written.title);
    change.outcome.apply_to(written.outcome);
    change.project.apply_to(written.project);
    change.position_id.apply_to(written.position_id);
    change.tags.apply_to(written.tags);
    change.duration_minutes.apply_to(written.duration_minutes);
    change.visibility.apply_to(written.visibility);
    written.version += 1;
    written.updated_at = now;
    entries_.update(tx, scope, written);
    written.job_ids = co_await events_.record(tx, scope, EntryEdited{id});
    co_return written;
}

Task<void> Service::remove(sql::Tx& tx, const Scope& scope, Id<Entry> id, Match match) {
    auto current = co_await entries_.find_for_change(tx, scope, id);
    if (!current) throw Error::not_found("entry");
    match.require(current->version);
    entries_.remove(tx, scope, *current, clock_.now());
    co_await events_.record(tx, scope, EntryRemoved{id});
}

Task<Entry> Service::restore(sql::Tx& tx, const Scope& scope, Id<Entry> id) {
    auto entry = co_await entries_.find_deleted(tx, scope, id);
    if (!entry) throw Error::not_found("deleted entry");
    if (entry->external_id) {
        auto known = co_await entries_.find_external(tx, scope, entry->source, *entry->external_id);
        if (known) throw known_already(*known);
    }
    entry->version += 1;
    entry->updated_at = clock_.now();
    entries_.restore(tx, scope, *entry);
    co_await events_.record(tx, scope, EntryEdited{id});
    co_return std::move(*entry);
}

Task<std::vector<Id<Entry>>> Service::purge(sql::Tx& tx, const Scope& scope, std::int64_t most) {
    return entries_.purge(tx, scope, clock_.now() - restorable, most);
}

Task<std::vector<Revision>> Service::history(sql::Tx& tx, const Scope& scope, Id<Entry> id) {
    co_await get(tx, scope, id);
    co_return co_await entries_.history(tx, scope, id);
}

Task<Calendar> Service::calendar(sql::Tx& tx, const Scope& scope, Days days) {
    auto to = days.to ? *days.to : local_date(clock_.now(), scope.time_zone());
    auto from = days.from ? *days.from : to.plus_days(-365);
    if (from > to) throw Error::invalid_fields({{"?from", "must not be after to"}});
    if (to.days() - from.days() > 3660)
        throw Error::invalid_fields({{"?from", "must be at most ten years before to"}});
    co_return Calendar{co_await entries_.days(tx, scope, from, to)};
}

Task<std::vector<Entry>> Service::between(
    sql::Tx& tx, const Scope& scope, LocalDate from, LocalDate to, std::int64_t most
) {
    co_return co_await entries_.between(tx, scope, from, to, most);
}

Task<std::vector<Uuid>> Service::ask_analysis(sql::Tx& tx, const Scope& scope, Id<Entry> id) {
    auto entry = co_await entries_.find_for_change(tx, scope, id);
    if (!entry) throw Error::not_found("entry");
    co_return co_await events_.record(tx, scope, EntryEdited{id});
}

Task<bool> Service::store_analysis(sql::Tx& tx, const Scope& scope, Entry analysed) {
    auto stored = co_await entries_.store_analysis(tx, scope, analysed);
    if (stored > 0) co_await events_.record(tx, scope, EntryAnalysed{analysed.id});
    co_return stored > 0;
}

Task<std::vector<Pending>> Service::pending(sql::Tx& tx, const Scope& scope, std::int64_t most) {
    co_return co_await entries_.pending(tx, scope, most);
}

void Service::store_skills(
    sql::Tx& tx, const Scope& scope, const Pending& entry, const std::vector<std::string>& skills
) {
    entries_.store_skills(tx, scope, entry.id, entry.version, skills);
}

Task<std::int64_t> Service::forget_skills(sql::Tx& tx, const Scope& scope) {
    co_return co_await entries_.forget_skills(tx, scope);
}

}  // namespace afterresume::worklog
