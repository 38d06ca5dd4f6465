// Counts what workers do, for the metrics. Owned by the desk; the metrics must outlive it.
#pragma once

#include "engine/jobs/model.h"
#include "infra/observability/metrics.h"

#include <map>
#include <string_view>

namespace afterresume::workers {

class Tally {
public:
    // Null counts nothing.
    explicit Tally(observability::Metrics* metrics) : metrics_(metrics) {}

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

    observability::Metrics* metrics_;
    std::map<std::string, Series, std::less<>> series_;
    prometheus::Gauge* active_ = nullptr;
};

}  // namespace afterresume::workers
