#include "engine/workers/tally.h"

namespace afterresume::workers {

namespace {

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

Tally::Series& Tally::series_of(const std::string& type) {
    auto [found, fresh] = series_.try_emplace(type);
    if (fresh) {
        found->second.wait = &metrics_->duration(
            "job_wait_seconds", "From being ready to being begun", {{"type", type}}
        );
        found->second.run =
            &metrics_->duration("job_run_seconds", "Time of one attempt", {{"type", type}});
    }
    return found->second;
}

void Tally::began(const jobs::Claimed& job, Timestamp now, std::size_t active) {
    if (metrics_ == nullptr) return;
    if (active_ == nullptr) active_ = &metrics_->gauge("active_jobs", "Attempts under way");
    observability::set(*active_, static_cast<double>(active));
    observability::observe(*series_of(job.type).wait, seconds(now - job.run_at));
}

void Tally::ended(
    const jobs::Claimed& job, std::string_view outcome, std::chrono::nanoseconds took,
    std::size_t active
) {
    if (metrics_ == nullptr) return;
    observability::set(*active_, static_cast<double>(active));
    auto& series = series_of(job.type);
    observability::observe(*series.run, seconds(took));
    auto found = series.outcomes.find(outcome);
    if (found == series.outcomes.end()) {
        std::string name(outcome);
        auto& counter = metrics_->counter(
            "jobs_total", "Attempts by how they ended", {{"type", job.type}, {"outcome", name}}
        );
        found = series.outcomes.emplace(std::move(name), &counter).first;
    }
    observability::add(*found->second);
}

}  // namespace afterresume::workers
