// A user's pending entries: which skills they show. One run takes what is pending when it begins;
// the matcher is built when it is first needed and shared by all runs.
#pragma once

#include "ai/skills/matcher.h"
#include "engine/jobs/queue.h"
#include "engine/orchestration/workflow.h"
#include "features/skills/service.h"

#include <memory>
#include <mutex>

namespace afterresume::workflows {

struct ExtractArgs {};
BOOST_DESCRIBE_STRUCT(ExtractArgs, (), ())

struct ExtractResult {
    std::int64_t entries = 0;
    std::int64_t skills = 0;
};
BOOST_DESCRIBE_STRUCT(ExtractResult, (), (entries, skills))

// The taxonomy and the matcher on it; made by whoever asks first, on a worker thread.
class SkillMatching {
public:
    struct Tools {
        skill_matching::Taxonomy taxonomy = skill_matching::Taxonomy::built_in();
        skill_matching::Matcher matcher{taxonomy};
    };
    const Tools& tools();
    // What `text` shows, skills of the taxonomy only.
    std::vector<skills::Finding> find(skills::Field field, const std::string& text);

private:
    std::once_flag made_;
    std::unique_ptr<Tools> tools_;
};

class SkillsExtract : public orchestration::WorkflowOf<ExtractArgs> {
public:
    SkillsExtract(
        SkillMatching& matching, worklog::Service& worklogs, skills::Service& skills,
        jobs::Queue& queue, const Clock& clock
    )
        : matching_(matching), worklogs_(worklogs), skills_(skills), queue_(queue), clock_(clock) {}

    orchestration::Plan steps() const override;

protected:
    Task<void> run(orchestration::Run& run, ExtractArgs args) override;

private:
    // What each entry shows, in their order.
    std::vector<std::vector<skills::Finding>> match(const std::vector<worklog::Pending>& entries);
    Task<ExtractResult> store(
        sql::Tx& tx, orchestration::Run& run, const std::vector<skills::EntryFindings>& found
    );

    SkillMatching& matching_;
    worklog::Service& worklogs_;
    skills::Service& skills_;
    jobs::Queue& queue_;
    const Clock& clock_;
};

}  // namespace afterresume::workflows
