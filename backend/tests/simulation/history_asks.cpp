// What people ask for in other ways than job by job.
#include "history.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace afterresume::simulation {

using jobs::Unique;

namespace {

std::string line_of(const Given& given) {
    return fmt::format("job {}{}", given.place, given.fresh ? ", which is new" : "");
}

}  // namespace

// Of few keys, so that most are held.
void History::ask() {
    static const std::map<std::string, Unique> kinds{
        {"a.unique", Unique::while_queued},
        {"a.alone", Unique::while_unfinished},
        {"a.seldom", Unique::within_period},
    };
    const auto& [type, unique] = *std::next(kinds.begin(), static_cast<std::ptrdiff_t>(draw(3)));
    Wish wish{chance(60), {.type = type, .key = chance(50) ? "one" : "other"}, {}};
    auto now = clock_.now();
    wish.job.priority = static_cast<std::int16_t>(draw(4));
    if (chance(10)) wish.job.deadline = now + std::chrono::seconds(draw(120));
    Job job;
    job.tenant = wish.alices ? alices : bobs;
    job.priority = *wish.job.priority;
    job.deadline = wish.job.deadline;
    job.run_at = now;
    job.unique = unique;
    job.key = type + " " + *wish.job.key;
    if (chance(30)) {
        wish.job.start = jobs::Start::debounced;
        job.run_at = now + jobs::Debounce{}.quiet;
        job.latest_at = now + jobs::Debounce{}.longest;
    } else if (chance(30)) {
        job.run_at = now + std::chrono::seconds(draw(30));
        wish.job.run_at = job.run_at;
    }
    auto what = fate();
    tell(fmt::format("ask {} for {}{}", wish.alices ? "alice" : "bob", job.key, name(what)));
    for (int i = 0; i < times(what); ++i) {
        auto before = reference_;
        auto foretold = line_of(reference_.ask(job, now));
        if (what == Fate::undone) reference_ = std::move(before);
        for (auto& world : worlds_) {
            auto given = world->ask(wish, once(what));
            if (given) expect("the job of a key", line_of(*given), foretold);
        }
    }
}

void History::enqueue_all() {
    auto of_alice = chance(60);
    std::vector<jobs::Node> nodes;
    std::vector<Job> all;
    for (auto count = 1 + draw(5); count > 0; --count) {
        jobs::Node node{{.type = chance(50) ? "a.one" : "a.heavy", .priority = 1}};
        Job job;
        job.tenant = of_alice ? alices : bobs;
        job.run_at = clock_.now();
        if (chance(20)) job.run_at += std::chrono::seconds(draw(30));
        node.job.run_at = job.run_at;
        const std::array policies{
            jobs::OnFailure::fail, jobs::OnFailure::cancel, jobs::OnFailure::run
        };
        node.on_failure = policies.at(draw(3));
        for (std::size_t earlier = 0; earlier < nodes.size(); ++earlier) {
            if (chance(30)) node.after.push_back(earlier);
        }
        nodes.push_back(std::move(node));
        all.push_back(std::move(job));
    }
    auto what = fate();
    tell(fmt::format("{} jobs at once{}", nodes.size(), name(what)));
    for (int i = 0; i < times(what); ++i) {
        for (auto& world : worlds_) world->enqueue_all(of_alice, nodes, once(what));
        if (what == Fate::undone) return;
        auto first = reference_.size();
        for (std::size_t at = 0; at < all.size(); ++at) {
            auto job = all[at];
            for (auto earlier : nodes[at].after)
                job.parents.push_back({first + earlier, nodes[at].on_failure});
            reference_.enqueue(std::move(job), clock_.now());
        }
    }
}

// Some may be another's, or have ended.
void History::change_each() {
    auto of_alice = chance(60);
    auto cancels = chance(40);
    std::vector<Place> places;
    for (Place place = 0; place < reference_.size(); ++place) {
        if (chance(10)) places.push_back(place);
    }
    if (places.empty()) return;
    if (chance(50)) std::ranges::reverse(places);
    auto what = fate();
    tell(fmt::format(
        "{} many of {}: {}{}", cancels ? "cancel" : "retry", of_alice ? "alice" : "bob",
        fmt::join(places, " "), name(what)
    ));
    for (int i = 0; i < times(what); ++i) {
        auto before = reference_;
        auto tenant = of_alice ? alices : bobs;
        auto foretold = reference_.change_each(tenant, cancels, places, clock_.now());
        if (what == Fate::undone) reference_ = std::move(before);
        for (auto& world : worlds_)
            expect("a batch", world->change_each(of_alice, cancels, places, once(what)), foretold);
    }
}

void History::forget_keys() {
    tell("keys are forgotten");
    for (auto& world : worlds_) world->forget_keys();
    reference_.forget_keys(clock_.now());
}

}  // namespace afterresume::simulation
