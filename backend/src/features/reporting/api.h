// Reports and résumés over HTTP.
#pragma once

#include "core/work_pool.h"
#include "features/reporting/export.h"
#include "features/reporting/service.h"
#include "infra/http/route.h"

namespace afterresume::reporting {

class Api : public http::Controller<Api> {
public:
    Api(Service& reports, WorkPool& pool) : reports_(reports), pool_(pool) {}
    http::Routes routes();

private:
    Task<http::Accepted> generate(http::Call& call, AskReport body);
    Task<ReportPage> list(http::Call& call, ListReports query);
    Task<http::Versioned<Report>> read(http::Call& call, Id<Report> id);
    Task<http::Versioned<Report>> edit(http::Call& call, Id<Report> id, EditReport change);
    Task<http::NoContent> remove_report(http::Call& call, Id<Report> id);
    Task<Versions> versions(http::Call& call, Id<Report> id);
    Task<Diff> diff(http::Call& call, Id<Report> id, AskDiff query);
    Task<Provenance> provenance(http::Call& call, Id<Report> id);
    Task<http::Response> export_one(http::Call& call, Id<Report> id, AskExport query);
    Task<http::Versioned<Report>> read_resume(http::Call& call);
    Task<http::Accepted> refresh_resume(http::Call& call);
    Task<http::Accepted> import_resume(http::Call& call);
    Task<Themes> themes(http::Call& call);

    Service& reports_;
    WorkPool& pool_;
};

}  // namespace afterresume::reporting
