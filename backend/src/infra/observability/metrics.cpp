#include "infra/observability/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace afterresume::observability {

Metrics::Metrics() : registry_(std::make_unique<prometheus::Registry>()) {}
Metrics::~Metrics() = default;

prometheus::Counter& Metrics::counter(
    const std::string& name, const std::string& help, const Labels& labels
) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(*registry_).Add(labels);
}

prometheus::Gauge& Metrics::gauge(
    const std::string& name, const std::string& help, const Labels& labels
) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(*registry_).Add(labels);
}

prometheus::Histogram& Metrics::duration(
    const std::string& name, const std::string& help, const Labels& labels
) {
    prometheus::Histogram::BucketBoundaries buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                    0.1,    0.25,  0.5,    1,     2.5,  10};
    return prometheus::BuildHistogram()
        .Name(name)
        .Help(help)
        .Register(*registry_)
        .Add(labels, buckets);
}

std::string Metrics::text() const {
    for (const auto& refresh : refresh_) refresh();
    return prometheus::TextSerializer().Serialize(registry_->Collect());
}

void add(prometheus::Counter& counter, double by) { counter.Increment(by); }
void set(prometheus::Gauge& gauge, double value) { gauge.Set(value); }
void observe(prometheus::Histogram& histogram, double seconds) { histogram.Observe(seconds); }

}  // namespace afterresume::observability
