// Jobs that step aside in the middle of their run.
#include "history.h"

namespace afterresume::simulation {

using jobs::QueueName;

void History::wait() {
    const auto* attempt = some_attempt();
    if (!attempt) return;
    auto now = by_a_wrong_clock();
    auto until = now + std::chrono::seconds(draw(20));
    auto what = fate();
    tell(fmt::format("wait{}{}", line({*attempt}), name(what)));
    for (int i = 0; i < times(what); ++i) {
        auto foretold = what == Fate::undone ? "" : reference_.wait(*attempt, until, now);
        for (auto& world : worlds_) {
            auto seen = world->wait(*attempt, until, now, once(what));
            if (what != Fate::undone) expect("a wait", seen, foretold);
        }
    }
}

// For up to three, which may be on their way at once or later.
void History::wait_for_jobs() {
    const auto* attempt = some_attempt();
    if (!attempt) return;
    std::vector<jobs::Node> nodes;
    std::vector<Job> made;
    for (auto count = 1 + draw(3); count > 0; --count) {
        jobs::NewJob wanted{.type = chance(50) ? "a.one" : "a.heavy", .priority = 1};
        Job job;
        job.tenant = reference_.job(attempt->place).tenant;
        job.run_at = clock_.now();
        if (chance(20)) {
            job.run_at += std::chrono::seconds(1 + draw(20));
            wanted.run_at = job.run_at;
        }
        nodes.push_back({std::move(wanted)});
        made.push_back(std::move(job));
    }
    auto what = fate();
    tell(fmt::format("wait for {} jobs{}{}", made.size(), line({*attempt}), name(what)));
    for (int i = 0; i < times(what); ++i) {
        auto foretold =
            what == Fate::undone ? "" : reference_.wait_for_jobs(*attempt, made, clock_.now());
        for (auto& world : worlds_) {
            auto seen = world->wait_for_jobs(*attempt, nodes, once(what));
            if (what != Fate::undone) expect("a wait for jobs", seen, foretold);
        }
    }
}

void History::wait_for_call() {
    const auto* attempt = some_attempt();
    if (!attempt) return;
    auto call = fmt::format("call_{}", draw(2));
    auto until = clock_.now() + std::chrono::seconds(1 + draw(60));
    auto what = fate();
    tell(fmt::format("wait for {}{}{}", call, line({*attempt}), name(what)));
    for (int i = 0; i < times(what); ++i) {
        auto foretold = what == Fate::undone
                            ? ""
                            : reference_.wait_for_call(*attempt, call, until, clock_.now());
        for (auto& world : worlds_) {
            auto seen = world->wait_for_call(*attempt, call, until, once(what));
            if (what != Fate::undone) expect("a wait for a call", seen, foretold);
        }
    }
}

void History::call_back() {
    auto place = draw(reference_.size());
    auto call = fmt::format("call_{}", draw(2));
    auto what = fate();
    tell(fmt::format("{} comes for {}{}", call, place, name(what)));
    for (int i = 0; i < times(what); ++i) {
        auto foretold =
            what == Fate::undone ? false : reference_.call_back(place, call, clock_.now());
        for (auto& world : worlds_) {
            auto seen = world->call_back(place, call, once(what));
            if (what != Fate::undone)
                expect("a call", fmt::to_string(seen), fmt::to_string(foretold));
        }
    }
}

void History::pause_a_tenant() {
    auto queue = chance(50) ? QueueName::ai : QueueName::interactive;
    auto of_alice = chance(50);
    auto paused = chance(30);
    tell(fmt::format(
        "{}'s {} is {}", of_alice ? "alice" : "bob", describe::name_of(queue),
        paused ? "paused" : "open"
    ));
    for (auto& world : worlds_) world->pause(queue, of_alice, paused);
    reference_.pause(queue, of_alice ? alices : bobs, paused);
}

}  // namespace afterresume::simulation
