#include "engine/jobs/step_views.h"

#include <algorithm>
#include <deque>
#include <map>
#include <tuple>

namespace afterresume::jobs {

namespace {

// What the events tell of one name: how it stands, and how often each was tried that is kept. One
// that is given another input is done again.
struct Course {
    StepView now;
    std::deque<std::int64_t> attempts_of_kept;
};
using Courses = std::map<std::string, Course>;

void interrupt(Courses& courses) {
    for (auto& [name, course] : courses) {
        if (course.now.status == StepStatus::running) course.now.status = StepStatus::interrupted;
    }
}

void hear(Course& course, const StepRow& row) {
    auto& step = course.now;
    switch (row.news) {
        case StepNews::step_started:
            step.status = StepStatus::running;
            step.started_at = row.at;
            step.finished_at.reset();
            ++step.attempts;
            break;
        case StepNews::step_retry:
            ++step.attempts;
            break;
        case StepNews::step_failed:
            step.status = StepStatus::failed;
            step.finished_at = row.at;
            break;
        case StepNews::step_finished:
            course.attempts_of_kept.push_back(step.attempts);
            step = {};
            break;
        default:
            break;
    }
}

Courses follow(const std::vector<StepRow>& rows) {
    Courses courses;
    for (const auto& row : rows) {
        if (row.news == StepNews::retry_requested) {
            courses.clear();
        } else if (row.news == StepNews::started) {
            interrupt(courses);
        } else if (row.news != StepNews::kept) {
            hear(courses[row.name], row);
        }
    }
    return courses;
}

// No event tells of what a job waited for.
std::int64_t take_attempts(Courses& courses, const std::string& name) {
    auto found = courses.find(name);
    if (found == courses.end() || found->second.attempts_of_kept.empty()) return 1;
    auto attempts = found->second.attempts_of_kept.front();
    found->second.attempts_of_kept.pop_front();
    return attempts;
}

bool is_of(const StepView& step, std::string_view planned) {
    std::string_view name = step.name;
    return name.starts_with(planned) &&
           (name.size() == planned.size() || name[planned.size()] == '/');
}

StepView timed(StepView step) {
    if (step.started_at && step.finished_at)
        step.duration_ms = (*step.finished_at - *step.started_at).count();
    return step;
}

// Those of the generation that are kept, and all events about steps in their order.
Task<std::vector<StepRow>> list_step_rows(sql::Tx& tx, const StepsOf& whose) {
    static constexpr sql::Statement statement{"jobs.list_step_rows", R"sql(
        SELECT event.data ->> 'event' AS news, coalesce(event.data ->> 'step', '') AS name, event.at AS at,
               CAST(NULL AS timestamptz) AS started_at, 0 AS cost, event.seq AS seq
        FROM job_event event
        WHERE event.job_id = :job_id AND event.tenant_id = :tenant_id
          AND event.data ->> 'event' IN ('started', 'retry_requested', 'step_started', 'step_retry', 'step_failed',
                                         'step_finished')
        UNION ALL
        SELECT 'kept', step.name, step.finished_at, step.started_at, step.cost, 0
        FROM job_step step
        WHERE step.job_id = :job_id AND step.generation = :generation AND step.tenant_id = :tenant_id
        ORDER BY seq, at, name)sql"};
    return tx.all<StepRow>(
        statement, sql::named("job_id", whose.job), sql::named("generation", whose.generation),
        sql::named("tenant_id", whose.tenant)
    );
}

}  // namespace

std::vector<StepView> steps_of(
    const std::vector<StepRow>& rows, const std::vector<std::string>& planned, bool running
) {
    auto courses = follow(rows);
    if (!running) interrupt(courses);
    std::vector<StepView> steps;
    for (const auto& row : rows) {
        if (row.news != StepNews::kept) continue;
        auto attempts = take_attempts(courses, row.name);
        steps.push_back(timed(
            {row.name, StepStatus::finished, attempts, row.started_at, row.at, std::nullopt,
             row.cost}
        ));
    }
    for (auto& [name, course] : courses) {
        if (course.now.status == StepStatus::planned) continue;
        course.now.name = name;
        steps.push_back(timed(std::move(course.now)));
    }
    std::ranges::sort(steps, {}, [](const StepView& step) {
        return std::tuple(step.started_at, !step.finished_at, step.finished_at, step.name);
    });
    for (const auto& name : planned) {
        if (std::ranges::none_of(steps, [&](const auto& step) { return is_of(step, name); }))
            steps.push_back({name});
    }
    return steps;
}

Task<std::vector<StepView>> view_steps(sql::Tx& tx, const JobTypes& types, StepsOf whose) {
    auto rows = co_await list_step_rows(tx, whose);
    const auto* type = types.find(whose.type);
    auto planned = type == nullptr ? std::vector<std::string>{} : type->steps;
    co_return steps_of(rows, planned, whose.status == Status::running);
}

}  // namespace afterresume::jobs
