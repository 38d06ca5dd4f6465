#include "workflows/report_generate.h"

#include "ai/agents/report_composition.h"

namespace afterresume::workflows {

namespace {

agents::ReportKind kind_of(reporting::Kind kind) {
    auto found = describe::enum_named<agents::ReportKind>(describe::name_of(kind));
    if (!found)
        throw Error(
            ErrorKind::invalid, "reporting.wrong_kind", "A résumé is refreshed, not generated."
        );
    return *found;
}

reporting::AskReport asked_report(
    const Json& payload, const std::string& at, describe::Findings& findings
) {
    reporting::AskReport wanted;
    describe::read(payload, wanted, at, findings);
    if (wanted.kind == reporting::Kind::resume)
        findings.add(at + "/kind", "is a résumé, which resume.refresh makes");
    return wanted;
}

}  // namespace

Composed compose(const ReportMaterial& material) {
    agents::ReportRequest request{
        kind_of(material.kind), material.window.from, material.window.to, material.person, {}
    };
    request.entries = logged_entries(material.entries, material.skills);
    auto composed = agents::compose_report(request);
    Proofs proofs;
    add_entries(proofs, request.entries);
    auto checked = [&](const agents::ReportLine& line) {
        std::vector<reporting::Evidence> evidence;
        for (const auto& id : line.evidence) evidence.push_back(entry_evidence(id));
        return proofs.checked(line.text, std::move(evidence), line.computed);
    };
    Composed out;
    out.draft.kind = material.kind;
    out.draft.window = material.window;
    out.draft.title = composed.title;
    auto& sections = out.draft.content.sections;
    if (composed.intro) sections.push_back({{}, std::nullopt, false, {checked(*composed.intro)}});
    for (const auto& section : composed.sections) {
        auto& made = sections.emplace_back();
        made.heading = section.heading;
        for (const auto& line : section.lines) made.lines.push_back(checked(line));
    }
    out.known = proofs.names();
    return out;
}

void check_asked_report(const Json& payload, const std::string& at, describe::Findings& findings) {
    auto wanted = asked_report(payload, at, findings);
    if (wanted.from && wanted.window_days)
        findings.add(at + "/window_days", "must not stand beside from");
    if (wanted.from && wanted.to && *wanted.from > *wanted.to)
        findings.add(at + "/from", "must not be after to");
}

void check_report_payload(
    const Json& payload, const std::string& at, describe::Findings& findings
) {
    auto wanted = asked_report(payload, at, findings);
    if (wanted.from || wanted.to)
        findings.add(
            at, "names dates, which would be the same each time; window_days may be given"
        );
}

orchestration::Plan ReportGenerate::steps() const {
    return {{.name = "compose", .sentence = "Composed the report and checked every line"}};
}

Task<void> ReportGenerate::run(orchestration::Run& run, reporting::ReportAsked args) {
    auto scope = run.scope();
    auto read = [&](sql::Tx& tx) { return load(tx, scope, args); };
    auto material = co_await run.read(read);
    auto work = [](const ReportMaterial& given) { return compose(given); };
    auto composed = co_await run.step<Composed>("compose", std::move(material), work);
    auto stored = [&](sql::Tx& tx) { return store(tx, scope, composed); };
    co_await run.finish(stored);
}

Task<ReportMaterial> ReportGenerate::load(sql::Tx& tx, Scope scope, reporting::ReportAsked args) {
    auto today = local_date(clock_.now(), scope.time_zone());
    ReportMaterial material;
    material.kind = args.kind;
    material.window =
        reporting::window_of(args.kind, {args.from, args.to, args.window_days}, today);
    material.entries = co_await worklogs_.between(
        tx, scope, material.window.from, material.window.to, most_entries
    );
    material.skills = co_await skills_.list_all(tx, scope);
    auto declared = co_await profiles_.get(tx, scope);
    material.person = declared.basics.name;
    co_return material;
}

Task<ReportResult> ReportGenerate::store(sql::Tx& tx, Scope scope, Composed composed) {
    std::set<reporting::Evidence> known(composed.known.begin(), composed.known.end());
    auto kept = co_await reports_.store(tx, scope, std::move(composed.draft), std::move(known));
    auto counts = reporting::count_lines(kept.report.content);
    co_return ReportResult{kept.report.id, kept.report.title, counts.lines, counts.unverified};
}

}  // namespace afterresume::workflows
