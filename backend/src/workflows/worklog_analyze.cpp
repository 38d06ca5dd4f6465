#include "workflows/worklog_analyze.h"

#include "core/describe/writer.h"

namespace afterresume::workflows {

namespace {

agents::EntryText text_of(const worklog::Entry& entry) {
    return {entry.title, entry.content, entry.outcome, entry.tags, entry.occurred_on};
}

agents::EntryAnalysis analyse(const agents::EntryText& text) { return agents::analyse_entry(text); }

std::optional<std::string> project_at(const profile::Timeline& timeline, LocalDate day) {
    auto id = timeline.project_at(day);
    for (const auto& project : timeline.projects) {
        if (id && project.id == *id) return project.name;
    }
    return std::nullopt;
}

}  // namespace

orchestration::Plan WorklogAnalyze::steps() const {
    return {{.name = "analyze", .sentence = "Read what was achieved"}};
}

Task<void> WorklogAnalyze::run(orchestration::Run& run, AnalyzeArgs args) {
    auto scope = run.scope();
    auto loaded = [&](sql::Tx& tx) { return load(tx, scope, args.entry_id); };
    auto entry = co_await run.read(loaded);
    if (!entry) {
        run.conclude(AnalyzeResult{args.entry_id, false});
        co_return;
    }
    auto analysis = co_await run.step<agents::EntryAnalysis>("analyze", text_of(*entry), analyse);
    entry->analysis = RawJson{describe::to_json(analysis)};
    auto stored = [&](sql::Tx& tx) { return store(tx, scope, *entry); };
    co_await run.finish(stored);
}

// The entry with the position and the project it belongs to, unless it says others.
Task<std::optional<worklog::Entry>> WorklogAnalyze::load(
    sql::Tx& tx, Scope scope, Id<worklog::Entry> id
) {
    auto entry = co_await worklogs_.find(tx, scope, id);
    if (!entry) co_return std::nullopt;
    auto timeline = co_await profiles_.timeline(tx, scope);
    if (!entry->position_id) {
        if (auto position = timeline.position_at(entry->occurred_on))
            entry->position_id = position->value;
    }
    if (!entry->project) entry->project = project_at(timeline, entry->occurred_on);
    co_return entry;
}

Task<AnalyzeResult> WorklogAnalyze::store(sql::Tx& tx, Scope scope, worklog::Entry entry) {
    auto id = entry.id;
    auto stored = co_await worklogs_.store_analysis(tx, scope, std::move(entry));
    co_return AnalyzeResult{id, stored};
}

}  // namespace afterresume::workflows
