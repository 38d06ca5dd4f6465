// Limits of so many a second on average and so many at once, as one node knows them. Each is a
// leaky bucket that is filled by what is taken and runs out evenly (ITU-T I.371, annex A: the
// generic cell rate algorithm in its form with a level); so that what several nodes know of one is
// the highest level. Pure; time is an argument.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>

namespace afterresume::api {

struct Limit {
    // A second.
    double rate = 1;
    double burst = 1;
};

struct Allowance {
    bool allowed = true;
    std::int64_t limit = 0;
    std::int64_t remaining = 0;
    // Seconds until one more is allowed (when refused) or all of the burst is.
    std::int64_t reset = 0;
};

struct Bucket {
    using Time = std::chrono::steady_clock::time_point;

    Limit limit;
    double level = 0;
    Time at;
    // What was taken, less what was given back, that other nodes were not told.
    std::int64_t untold = 0;
    // Told of or asked about in so many rounds that are not over.
    int rounds = 0;
    // Its place in the round that gathers; none when below zero.
    std::ptrdiff_t place = -1;

    // What has run out by then is gone.
    void run_out(Time now);
    // Call run_out() before.
    bool has_room() const;
    void fill(std::int64_t count);
    Allowance allowance(bool allowed) const;
};

class Buckets {
public:
    // Named buckets stay where they are while they are in a round. There are 200,000 at most: empty
    // ones are forgotten first.
    std::pair<const std::string, Bucket>& open(
        const std::string& name, Limit limit, Bucket::Time now
    );
    // Null when nothing is known.
    std::pair<const std::string, Bucket>* find(const std::string& name);

private:
    void make_room(Bucket::Time now);

    std::unordered_map<std::string, Bucket> buckets_;
    Bucket::Time tidied_at_;
};

}  // namespace afterresume::api
