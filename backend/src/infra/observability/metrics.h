// Counters, gauges and durations in Prometheus' text format. Label sets are bounded: endpoints are
// route templates, never paths. Owned by app/; handles stay valid as long as it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Registry;
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace afterresume::observability {

using Labels = std::map<std::string, std::string>;

class Metrics {
public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    // The same name and labels give the same series; names end in their unit.
    prometheus::Counter& counter(
        const std::string& name, const std::string& help, const Labels& labels = {}
    );
    prometheus::Gauge& gauge(
        const std::string& name, const std::string& help, const Labels& labels = {}
    );
    // Seconds, in buckets from 0.5 ms to 10 s.
    prometheus::Histogram& duration(
        const std::string& name, const std::string& help, const Labels& labels = {}
    );
    // Asked each time the text is made.
    void on_scrape(std::function<void()> refresh) { refresh_.push_back(std::move(refresh)); }

    std::string text() const;

private:
    std::unique_ptr<prometheus::Registry> registry_;
    std::vector<std::function<void()>> refresh_;
};

void add(prometheus::Counter& counter, double by = 1);
void set(prometheus::Gauge& gauge, double value);
void observe(prometheus::Histogram& histogram, double seconds);

}  // namespace afterresume::observability
