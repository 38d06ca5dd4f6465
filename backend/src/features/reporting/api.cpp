#include "features/reporting/api.h"

#include "features/reporting/resume_document.h"

namespace afterresume::reporting {

namespace {

constexpr std::size_t resume_bytes = 2 << 20;

http::Versioned<Report> versioned(Report report) {
    // Its reader wants a whole JSON Resume; the rows keep it without its lines.
    if (report.kind == Kind::resume)
        report.content.resume = resume_document(shown(report.content, Unverified::left_out));
    return http::versioned(std::move(report));
}

http::Response file_response(ExportedFile file, std::int64_t version) {
    http::Response response;
    response.content_type = std::move(file.media_type);
    response.headers.emplace_back(
        "Content-Disposition", fmt::format("attachment; filename=\"{}\"", file.name)
    );
    response.headers.emplace_back("ETag", http::etag(version));
    response.body = std::move(file.bytes);
    return response;
}

}  // namespace

http::Routes Api::routes() {
    using http::Transaction;
    return {
        post("/api/reports/generate/", "Have a report written", Permission::write, &Api::generate),
        get("/api/reports/", "List reports, newest first", Permission::read, &Api::list),
        get("/api/reports/{id}/", "Read one report", Permission::read, &Api::read),
        patch(
            "/api/reports/{id}/", "Change a report's lines, title, theme or status",
            Permission::write, &Api::edit
        ),
        remove("/api/reports/{id}/", "Delete a report", Permission::write, &Api::remove_report),
        get("/api/reports/{id}/versions/", "List the versions of a report", Permission::read,
            &Api::versions),
        get("/api/reports/{id}/diff/", "Compare a report with the version before", Permission::read,
            &Api::diff),
        get("/api/reports/{id}/provenance/", "See what each line rests on", Permission::read,
            &Api::provenance),
        get("/api/reports/{id}/export/", "Download a report", Permission::read, &Api::export_one)
            .in(Transaction::none)
            .giving(export_media_types()),
        get("/api/resume/", "Read the latest résumé", Permission::read, &Api::read_resume),
        post(
            "/api/resume/refresh/", "Have the résumé brought up to date", Permission::write,
            &Api::refresh_resume
        ),
        post(
            "/api/resume/import/", "Replace your profile by a JSON Resume", Permission::write,
            &Api::import_resume
        )
            .up_to(resume_bytes)
            .taking_any_object(),
        get("/api/themes/", "List the themes of PDF and HTML", Permission::read, &Api::themes)
            .in(Transaction::none),
    };
}

Task<http::Accepted> Api::generate(http::Call& call, AskReport body) {
    auto job = co_await reports_.ask(call.tx(), call.scope(), body);
    co_return http::Accepted{job};
}

Task<ReportPage> Api::list(http::Call& call, ListReports query) {
    co_return co_await reports_.list(call.tx(), call.scope(), std::move(query));
}

Task<http::Versioned<Report>> Api::read(http::Call& call, Id<Report> id) {
    co_return versioned(co_await reports_.get(call.tx(), call.scope(), id));
}

Task<http::Versioned<Report>> Api::edit(http::Call& call, Id<Report> id, EditReport change) {
    co_return versioned(
        co_await reports_.edit(call.tx(), call.scope(), id, call.match(), std::move(change))
    );
}

Task<http::NoContent> Api::remove_report(http::Call& call, Id<Report> id) {
    co_await reports_.remove(call.tx(), call.scope(), id, call.match());
    co_return http::NoContent{};
}

Task<Versions> Api::versions(http::Call& call, Id<Report> id) {
    co_return co_await reports_.versions(call.tx(), call.scope(), id);
}

Task<Diff> Api::diff(http::Call& call, Id<Report> id, AskDiff query) {
    co_return co_await reports_.diff(call.tx(), call.scope(), id, query);
}

Task<Provenance> Api::provenance(http::Call& call, Id<Report> id) {
    co_return co_await reports_.provenance(call.tx(), call.scope(), id);
}

Task<http::Response> Api::export_one(http::Call& call, Id<Report> id, AskExport query) {
    auto tx = call.database().begin(call.scope(), sql::Access::read);
    auto report = co_await reports_.get(*tx, call.scope(), id);
    tx.reset();
    auto version = report.version;
    ExportOptions options{
        query.format.value_or(Format::pdf), query.theme, query.paper.value_or(documents::Paper::a4),
        Unverified::left_out
    };
    if (query.include_unverified.value_or(false)) options.unverified = Unverified::included;
    auto render = [&] { return export_report(std::move(report), options); };
    auto file = co_await pool_.run(render);
    co_return file_response(std::move(file), version);
}

Task<http::Versioned<Report>> Api::read_resume(http::Call& call) {
    co_return versioned(co_await reports_.get_resume(call.tx(), call.scope()));
}

Task<http::Accepted> Api::refresh_resume(http::Call& call) {
    auto job = co_await reports_.ask_resume(call.tx(), call.scope());
    co_return http::Accepted{job};
}

Task<http::Accepted> Api::import_resume(http::Call& call) {
    auto document = describe::parse_json(call.request().body);
    auto job = co_await reports_.import_resume(call.tx(), call.scope(), std::move(document));
    co_return http::Accepted{job};
}

Task<Themes> Api::themes(http::Call&) {
    using documents::Paper;
    using documents::Theme;
    std::vector<Paper> papers{Paper::a4, Paper::letter};
    co_return Themes{{
        {Theme::classic, "Serif type, centred head, for law, science and public service", papers},
        {Theme::modern, "Sans-serif type with one colour, for most other places", papers},
    }};
}

}  // namespace afterresume::reporting
