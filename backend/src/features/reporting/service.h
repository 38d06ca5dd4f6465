// The rules of reports and résumés, in the domain's verbs. Begins and commits nothing; catches
// nothing. Owned by app/.
#pragma once

#include "core/version.h"
#include "features/profile/service.h"
#include "features/reporting/events.h"
#include "features/reporting/provenance.h"
#include "features/reporting/repository.h"
#include "features/worklog/service.h"
#include "infra/events/events.h"

namespace afterresume::reporting {

// A new version as a workflow composed and checked it.
struct Draft {
    Kind kind = Kind::status;
    // None for a résumé.
    std::optional<Window> window;
    std::string title;
    Content content;
    std::string generator = "rules";
};
BOOST_DESCRIBE_STRUCT(Draft, (), (kind, window, title, content, generator))

struct Kept {
    Report report;
    // False when the version before says the same; then `report` is that one.
    bool fresh = true;
};

class Service {
public:
    Service(
        Repository& reports, worklog::Service& worklogs, profile::Service& profiles,
        events::Events& events, const Clock& clock
    )
        : reports_(reports),
          worklogs_(worklogs),
          profiles_(profiles),
          events_(events),
          clock_(clock) {}

    // The job that writes it. Throws Error(invalid, "request.invalid") for a window that is none,
    // and Error(unavailable, "reporting.no_generation") when this program generates nothing.
    Task<Uuid> ask(sql::Tx& tx, const Scope& scope, AskReport wanted);
    Task<Uuid> ask_resume(sql::Tx& tx, const Scope& scope);
    // Replaces the profile by a JSON Resume document, then has the résumé refreshed.
    Task<Uuid> import_resume(sql::Tx& tx, const Scope& scope, Json document);

    // A new version of its kind and window, with the edits of the one before whose evidence is
    // among `known`. A résumé that says the same as before gets none.
    Task<Kept> store(sql::Tx& tx, const Scope& scope, Draft draft, std::set<Evidence> known);

    Task<Report> get(sql::Tx& tx, const Scope& scope, Id<Report> id);
    Task<std::optional<Report>> find(sql::Tx& tx, const Scope& scope, Id<Report> id);
    Task<Report> get_resume(sql::Tx& tx, const Scope& scope);
    Task<ReportPage> list(sql::Tx& tx, const Scope& scope, ListReports query);
    // Only the newest version: throws Error(conflict, "reporting.superseded").
    Task<Report> edit(
        sql::Tx& tx, const Scope& scope, Id<Report> id, Match match, EditReport change
    );
    // The newest version goes with all before it, an earlier one alone.
    Task<void> remove(sql::Tx& tx, const Scope& scope, Id<Report> id, Match match);
    Task<Versions> versions(sql::Tx& tx, const Scope& scope, Id<Report> id);
    Task<Diff> diff(sql::Tx& tx, const Scope& scope, Id<Report> id, AskDiff query);
    Task<Provenance> provenance(sql::Tx& tx, const Scope& scope, Id<Report> id);

private:
    Task<Stored> get_stored(sql::Tx& tx, const Scope& scope, Id<Report> id);
    Task<Sources> sources(sql::Tx& tx, const Scope& scope, const Report& report);

    Repository& reports_;
    worklog::Service& worklogs_;
    profile::Service& profiles_;
    events::Events& events_;
    const Clock& clock_;
};

}  // namespace afterresume::reporting
