// The always-fresh résumé: the declared profile, with lines from the log that are checked against
// their proof.
#pragma once

#include "engine/orchestration/workflow.h"
#include "features/reporting/service.h"
#include "features/skills/service.h"
#include "workflows/composing.h"

namespace afterresume::workflows {

struct RefreshArgs {};
BOOST_DESCRIBE_STRUCT(RefreshArgs, (), ())

struct RefreshResult {
    Id<reporting::Report> report_id;
    std::string title;
    std::int64_t lines = 0;
    std::int64_t unverified = 0;
    // False when the résumé says the same as before and no version was made.
    bool changed = true;
};
BOOST_DESCRIBE_STRUCT(RefreshResult, (), (report_id, title, lines, unverified, changed))

struct ResumeMaterial {
    profile::Profile profile;
    // The declared profile as a JSON Resume document, in the order of `profile`.
    JsonObject document;
    std::vector<worklog::Entry> entries;
    std::vector<skills::Skill> skills;
};
BOOST_DESCRIBE_STRUCT(ResumeMaterial, (), (profile, document, entries, skills))

// The document with places for its lines, every line with its evidence and verdict. Pure.
Composed compose(const ResumeMaterial& material);

class ResumeRefresh : public orchestration::WorkflowOf<RefreshArgs> {
public:
    ResumeRefresh(
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
    Task<void> run(orchestration::Run& run, RefreshArgs args) override;

private:
    Task<ResumeMaterial> load(sql::Tx& tx, Scope scope);
    Task<RefreshResult> store(sql::Tx& tx, Scope scope, Composed composed);

    worklog::Service& worklogs_;
    profile::Service& profiles_;
    skills::Service& skills_;
    reporting::Service& reports_;
    const Clock& clock_;
};

}  // namespace afterresume::workflows
