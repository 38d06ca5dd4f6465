#include "features/reporting/service.h"

#include <algorithm>

namespace afterresume::reporting {

namespace {

constexpr std::int64_t most_entries = 5'000;
constexpr std::size_t proofs_per_line = 20;

Uuid first_of(const std::vector<Uuid>& jobs) {
    if (jobs.empty())
        throw Error(
            ErrorKind::unavailable, "reporting.no_generation",
            "This program generates nothing at the moment."
        );
    return jobs.front();
}

void reword(Content& content, const std::vector<EditLine>& edits) {
    std::vector<FieldError> unknown;
    for (std::size_t i = 0; i < edits.size(); ++i) {
        Line* found = nullptr;
        for (auto& section : content.sections) {
            for (auto& line : section.lines) {
                if (line.id == edits[i].id) found = &line;
            }
        }
        if (!found) {
            unknown.push_back({fmt::format("/lines/{}/id", i), "is of no line of this report"});
            continue;
        }
        if (found->text == edits[i].text) continue;
        if (!found->original) found->original = found->text;
        found->text = edits[i].text;
        found->verdict = Verdict::edited;
        found->words.clear();
    }
    if (!unknown.empty()) throw Error::invalid_fields(std::move(unknown));
}

}  // namespace

Task<Uuid> Service::ask(sql::Tx& tx, const Scope& scope, AskReport wanted) {
    if (wanted.kind == Kind::resume) {
        if (wanted.from || wanted.to || wanted.window_days) {
            throw Error::invalid_fields({{"/kind", "resume covers everything and takes no window"}}
            );
        }
        co_return co_await ask_resume(tx, scope);
    }
    auto today = local_date(clock_.now(), scope.time_zone());
    auto window = window_of(wanted.kind, {wanted.from, wanted.to, wanted.window_days}, today);
    ReportAsked asked{wanted.kind, window.from, window.to, std::nullopt};
    co_return first_of(co_await events_.record(tx, scope, asked));
}

Task<Uuid> Service::ask_resume(sql::Tx& tx, const Scope& scope) {
    ResumeAsked asked;
    co_return first_of(co_await events_.record(tx, scope, asked));
}

Task<Uuid> Service::import_resume(sql::Tx& tx, const Scope& scope, Json document) {
    co_await profiles_.import_resume_json(tx, scope, document);
    co_return co_await ask_resume(tx, scope);
}

Task<Kept> Service::store(sql::Tx& tx, const Scope& scope, Draft draft, std::set<Evidence> known) {
    co_await reports_.take_turn(tx, scope);
    auto earlier = co_await reports_.find_latest_for_change(tx, scope, draft.kind, draft.window);
    number_lines(draft.content);
    if (earlier) draft.content = keep_edits(std::move(draft.content), earlier->content, known);
    if (earlier && draft.kind == Kind::resume && same_content(draft.content, earlier->content))
        co_return Kept{std::move(*earlier), false};
    Stored report;
    report.id = co_await tx.new_id<Report>();
    report.chain_id = report.id;
    report.kind = draft.kind;
    if (draft.window) {
        report.from = draft.window->from;
        report.to = draft.window->to;
    }
    report.title = std::move(draft.title);
    report.content = std::move(draft.content);
    report.generator = std::move(draft.generator);
    report.created_at = report.updated_at = clock_.now();
    if (earlier) {
        report.chain_id = earlier->chain_id;
        report.number = earlier->number + 1;
        report.supersedes = earlier->id;
        report.theme = earlier->theme;
        report.own_title = earlier->own_title;
        if (earlier->own_title) report.title = earlier->title;
        reports_.supersede(tx, scope, earlier->id);
    }
    reports_.insert(tx, scope, report);
    ReportGenerated generated{report.id, report.kind};
    co_await events_.record(tx, scope, generated);
    co_return Kept{std::move(report), true};
}

Task<Stored> Service::get_stored(sql::Tx& tx, const Scope& scope, Id<Report> id) {
    auto report = co_await reports_.find(tx, scope, id);
    if (!report) throw Error::not_found("report");
    co_return std::move(*report);
}

Task<Report> Service::get(sql::Tx& tx, const Scope& scope, Id<Report> id) {
    co_return co_await get_stored(tx, scope, id);
}

Task<std::optional<Report>> Service::find(sql::Tx& tx, const Scope& scope, Id<Report> id) {
    auto report = co_await reports_.find(tx, scope, id);
    if (!report) co_return std::nullopt;
    co_return std::move(*report);
}

Task<Report> Service::get_resume(sql::Tx& tx, const Scope& scope) {
    auto resume = co_await reports_.find_resume(tx, scope);
    if (!resume) throw Error::not_found("résumé");
    co_return std::move(*resume);
}

Task<ReportPage> Service::list(sql::Tx& tx, const Scope& scope, ListReports query) {
    auto size = query.page_size.value_or(default_page_size);
    auto rows = co_await reports_.list(tx, scope, query.kind, place_of(query.cursor), size + 1);
    auto page =
        cut_page(std::move(rows), size, [](const Summary& last) { return cursor_of(last); });
    co_return ReportPage{std::move(page.items), std::move(page.next_cursor)};
}

Task<Report> Service::edit(
    sql::Tx& tx, const Scope& scope, Id<Report> id, Match match, EditReport change
) {
    auto report = co_await reports_.find_for_change(tx, scope, id);
    if (!report) throw Error::not_found("report");
    match.require(report->version);
    if (report->superseded)
        throw Error(
            ErrorKind::conflict, "reporting.superseded",
            "There is a newer version of this report; change that one."
        );
    change.title.apply_to(report->title);
    if (change.title.value) report->own_title = true;
    change.theme.apply_to(report->theme);
    change.status.apply_to(report->status);
    reword(report->content, change.lines);
    report->version += 1;
    report->updated_at = clock_.now();
    reports_.update(tx, scope, *report);
    ReportEdited edited{id};
    co_await events_.record(tx, scope, edited);
    co_return std::move(*report);
}

Task<void> Service::remove(sql::Tx& tx, const Scope& scope, Id<Report> id, Match match) {
    auto report = co_await reports_.find_for_change(tx, scope, id);
    if (!report) throw Error::not_found("report");
    match.require(report->version);
    reports_.remove(tx, scope, *report, clock_.now());
    ReportRemoved removed{id};
    co_await events_.record(tx, scope, removed);
}

Task<Versions> Service::versions(sql::Tx& tx, const Scope& scope, Id<Report> id) {
    auto report = co_await get_stored(tx, scope, id);
    co_return Versions{co_await reports_.versions(tx, scope, report.chain_id)};
}

Task<Diff> Service::diff(sql::Tx& tx, const Scope& scope, Id<Report> id, AskDiff query) {
    auto after = co_await get_stored(tx, scope, id);
    auto other = query.against ? std::optional(Id<Report>{*query.against}) : after.supersedes;
    Diff diff;
    diff.after = id;
    diff.before = other.value_or(id);
    auto before = other ? co_await reports_.find(tx, scope, *other) : std::nullopt;
    if (!before && query.against) throw Error::not_found("report to compare with");
    // A first version is compared with nothing.
    auto nothing = Content{};
    static_cast<Differences&>(diff) =
        differences(before ? before->content : nothing, after.content);
    co_return diff;
}

Task<Provenance> Service::provenance(sql::Tx& tx, const Scope& scope, Id<Report> id) {
    auto report = co_await get_stored(tx, scope, id);
    auto found = co_await sources(tx, scope, report);
    co_return provenance_of(report.content, found, proofs_per_line);
}

Task<Sources> Service::sources(sql::Tx& tx, const Scope& scope, const Report& report) {
    Sources found;
    auto from = report.from.value_or(LocalDate(1, 1, 1));
    auto to = report.to.value_or(LocalDate(9999, 12, 31));
    for (auto& entry : co_await worklogs_.between(tx, scope, from, to, most_entries))
        found.entries.emplace(entry.id.value, std::move(entry));
    found.profile = co_await profiles_.get(tx, scope);
    co_return found;
}

}  // namespace afterresume::reporting
