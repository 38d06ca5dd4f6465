// One entry: what was achieved, measured and learned; which position and project it belongs to.
// Steps are kept; a crash repeats none.
#pragma once

#include "ai/agents/entry_analysis.h"
#include "engine/orchestration/workflow.h"
#include "features/profile/service.h"
#include "features/worklog/service.h"

namespace afterresume::workflows {

struct AnalyzeArgs {
    Id<worklog::Entry> entry_id;
};
BOOST_DESCRIBE_STRUCT(AnalyzeArgs, (), (entry_id))

struct AnalyzeResult {
    Id<worklog::Entry> entry_id;
    // False when the entry was changed or deleted meanwhile; then another job analyses it.
    bool stored = false;
};
BOOST_DESCRIBE_STRUCT(AnalyzeResult, (), (entry_id, stored))

class WorklogAnalyze : public orchestration::WorkflowOf<AnalyzeArgs> {
public:
    WorklogAnalyze(worklog::Service& worklogs, profile::Service& profiles)
        : worklogs_(worklogs), profiles_(profiles) {}

    orchestration::Plan steps() const override;

protected:
    Task<void> run(orchestration::Run& run, AnalyzeArgs args) override;

private:
    Task<std::optional<worklog::Entry>> load(sql::Tx& tx, Scope scope, Id<worklog::Entry> id);
    Task<AnalyzeResult> store(sql::Tx& tx, Scope scope, worklog::Entry entry);

    worklog::Service& worklogs_;
    profile::Service& profiles_;
};

}  // namespace afterresume::workflows
