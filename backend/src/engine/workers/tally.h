// Counts what workers do, for the metrics, and tells it to the log. Owned by the desk; both must
// outlive it.
#pragma once

#include "engine/jobs/model.h"
#include "infra/observability/log.h"
#include "infra/observability/metrics.h"

#include <map>
#include <string_view>

namespace afterresume::workers {

class Tally {
public:
    // Null counts nothing.
    Tally(observability::Metrics* metrics, observability::Log& log)
        : metrics_(metrics), log_(log) {}

    void began(const jobs::Claimed& job, Timestamp now, std::size_t active);
    // `outcome`: success, failed, cancelled, retry, waiting or lost.
    void ended(
        const jobs::Claimed& job, std::string_view outcome, std::chrono::nanoseconds took,
        std::size_t active
    );

private:
    struct Series {
        prometheus::Histogram* wait = nullptr;
        prometheus::Histogram* run = nullptr;
        std::map<std::string, prometheus::Counter*, std::less<>> outcomes;
    };
    Series& series_of(const std::string& type);
    void count_end(const std::string& type, std::string_view outcome);

    observability::Metrics* metrics_;
    observability::Log& log_;
    std::map<std::string, Series, std::less<>> series_;
    prometheus::Gauge* active_ = nullptr;
};

// A line of the log about a job, under its correlation id.
void tell(
    observability::Log& log, observability::Level level, const jobs::Claimed& job,
    std::string_view what
);

}  // namespace afterresume::workers
