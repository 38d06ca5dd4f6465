#include "engine/workers/tally.h"

namespace afterresume::workers {

using observability::Level;

namespace {

// What just works is told to who looks for it.
Level level_of(std::string_view outcome) {
    if (outcome == "success" || outcome == "waiting") return Level::debug;
    return outcome == "cancelled" || outcome == "retry" ? Level::info : Level::warning;
}

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
    if (log_.wants(Level::debug)) tell(log_, Level::debug, job, "began");
    if (metrics_ == nullptr) return;
    if (active_ == nullptr) active_ = &metrics_->gauge("active_jobs", "Attempts under way");
    observability::set(*active_, static_cast<double>(active));
    observability::observe(*series_of(job.type).wait, seconds(now - job.run_at));
}

void Tally::ended(
    const jobs::Claimed& job, std::string_view outcome, std::chrono::nanoseconds took,
    std::size_t active
) {
    if (auto level = level_of(outcome); log_.wants(level)) {
        auto time = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
        tell(log_, level, job, fmt::format("ended as {} after {} ms", outcome, time));
    }
    if (metrics_ == nullptr) return;
    observability::set(*active_, static_cast<double>(active));
    observability::observe(*series_of(job.type).run, seconds(took));
    count_end(job.type, outcome);
}

void Tally::count_end(const std::string& type, std::string_view outcome) {
    auto& outcomes = series_of(type).outcomes;
    auto found = outcomes.find(outcome);
    if (found == outcomes.end()) {
        std::string name(outcome);
        auto& counter = metrics_->counter(
            "jobs_total", "Attempts by how they ended", {{"type", type}, {"outcome", name}}
        );
        found = outcomes.emplace(std::move(name), &counter).first;
    }
    observability::add(*found->second);
}

void tell(observability::Log& log, Level level, const jobs::Claimed& job, std::string_view what) {
    auto trace = job.trace_id.text();
    std::erase(trace, '-');
    auto line = fmt::format(
        "{} {} {} (attempt {} of {}, trace {})", job.type, job.id.text(), what, job.attempts,
        job.max_attempts, trace
    );
    log.write(level, "worker", &job.correlation_id, line);
}

}  // namespace afterresume::workers
