// A report of some days: composed from the log, every line checked against the entries it rests on.
#pragma once

#include "engine/orchestration/workflow.h"
#include "features/reporting/service.h"
#include "features/skills/service.h"
#include "workflows/composing.h"

namespace afterresume::workflows {

struct ReportResult {
    Id<reporting::Report> report_id;
    std::string title;
    std::int64_t lines = 0;
    std::int64_t unverified = 0;
};
BOOST_DESCRIBE_STRUCT(ReportResult, (), (report_id, title, lines, unverified))

// What a report is composed from.
struct ReportMaterial {
    reporting::Kind kind = reporting::Kind::status;
    reporting::Window window;
    std::optional<std::string> person;
    std::vector<worklog::Entry> entries;
    std::vector<skills::Skill> skills;
};
BOOST_DESCRIBE_STRUCT(ReportMaterial, (), (kind, window, person, entries, skills))

// Every line with its evidence and verdict. Pure. Throws Error(invalid, "reporting.wrong_kind") for
// a résumé.
Composed compose(const ReportMaterial& material);

// What a person may have generated: any kind but a résumé.
void check_asked_report(const Json& payload, const std::string& at, describe::Findings& findings);
// What a schedule may: its window is given by days rather than dates.
void check_report_payload(const Json& payload, const std::string& at, describe::Findings& findings);

class ReportGenerate : public orchestration::WorkflowOf<reporting::ReportAsked> {
public:
    ReportGenerate(
        worklog::Service& worklogs, profile::Service& profiles, skills::Service& skills,
        reporting::Service& reports, const Clock& clock
    )
        : worklogs_(worklogs),
          profiles_(profiles),
          skills_(skills),
          reports_(reports),
          clock_(clock) {}

    orchestration::Plan steps() const override;

protected:
    Task<void> run(orchestration::Run& run, reporting::ReportAsked args) override;

private:
    Task<ReportMaterial> load(sql::Tx& tx, Scope scope, reporting::ReportAsked args);
    Task<ReportResult> store(sql::Tx& tx, Scope scope, Composed composed);

    worklog::Service& worklogs_;
    profile::Service& profiles_;
    skills::Service& skills_;
    reporting::Service& reports_;
    const Clock& clock_;
};

}  // namespace afterresume::workflows
