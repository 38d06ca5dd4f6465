#include "history.h"

#include <fmt/ranges.h>

namespace afterresume::simulation {

using jobs::QueueName;
using jobs::State;
using jobs::Status;

History::History(std::uint64_t seed) : dice_(seed) {
    for (auto dialect : {sql::Dialect::sqlite, sql::Dialect::postgres}) {
        if (dialect == sql::Dialect::sqlite || sql::test_server_url())
            worlds_.push_back(std::make_unique<World>(dialect, clock_));
    }
    for (int i = 0; i < 3; ++i) add_worker();
}

std::string History::live(int acts) {
    for (int i = 0; i < acts && difference_.empty(); ++i) {
        clock_.advance(std::chrono::milliseconds(1 + draw(500)));
        act();
        for (auto& world : worlds_) world->settle(clock_.now());
        reference_.settle(clock_.now());
        if (i % 16 == 0 || i + 1 == acts) compare_all();
    }
    for (Place place = 0; place < reference_.size() && difference_.empty(); ++place) {
        for (auto& world : worlds_)
            expect("the events of a job", world->events(place), worlds_.front()->events(place));
    }
    if (difference_.empty()) return {};
    return fmt::format("{}\n{}", fmt::join(told_, "\n"), difference_);
}

void History::act() {
    if (reference_.size() < 4) return enqueue();
    switch (draw(30)) {
        case 0:
        case 1:
        case 2:
            return enqueue();
        case 3:
        case 4:
        case 5:
            return claim();
        case 6:
        case 7:
            return end();
        case 8:
            return put_back();
        case 9:
            return keep_step();
        case 10:
            return cancel();
        case 11:
            return retry();
        case 12:
            return lose_a_worker();
        case 13:
            return set_share();
        case 14:
            return pause();
        case 15:
        case 16:
        case 17:
            return ask();
        case 18:
            return forget_keys();
        case 19:
            return wait();
        case 20:
            return wait_for_jobs();
        case 21:
            return wait_for_call();
        case 22:
        case 23:
            return call_back();
        case 24:
            return pause_a_tenant();
        case 25:
            return enqueue_all();
        case 26:
        case 27:
            return change_each();
        default:
            tell("time goes on");
            clock_.advance(std::chrono::seconds(draw(40)));
    }
}

void History::enqueue() {
    Wish wish;
    wish.alices = chance(60);
    const std::array<std::string, 3> types{"a.one", "a.heavy", "a.quick"};
    wish.job.type = types.at(draw(3));
    wish.job.priority = static_cast<std::int16_t>(draw(4));
    if (chance(20)) wish.job.run_at = clock_.now() + std::chrono::seconds(draw(30));
    if (chance(10)) wish.job.deadline = clock_.now() + std::chrono::seconds(draw(120));
    auto tenant = wish.alices ? alices : bobs;
    for (Place place = 0; place < reference_.size(); ++place) {
        if (reference_.job(place).tenant != tenant || !chance(10) || wish.parents.size() == 3)
            continue;
        const std::array policies{
            jobs::OnFailure::fail, jobs::OnFailure::cancel, jobs::OnFailure::run
        };
        wish.parents.push_back({place, policies.at(draw(3))});
    }
    Job job;
    job.tenant = tenant;
    job.queue = wish.job.type == "a.quick" ? QueueName::interactive : QueueName::ai;
    job.priority = *wish.job.priority;
    job.deadline = wish.job.deadline;
    job.parents = wish.parents;
    job.run_at = wish.job.run_at.value_or(clock_.now());
    tell(fmt::format(
        "enqueue {} {}, parents {}", reference_.size(), wish.job.type, wish.parents.size()
    ));
    for (auto& world : worlds_) world->enqueue(wish);
    reference_.enqueue(std::move(job), clock_.now());
}

void History::claim() {
    auto worker = living_[draw(living_.size())];
    std::vector<QueueName> queues{QueueName::interactive, QueueName::ai};
    if (chance(20)) queues.pop_back();
    auto limit = static_cast<std::int64_t>(1 + draw(5));
    auto now = by_a_wrong_clock();
    // Before it claims again, a worker has learnt which of its claims may be undone.
    std::erase_if(in_vain_, [&](const Attempt& one) { return one.worker == worker; });
    if (chance(20)) return claim_in_vain(worker, queues, now);
    reference_.promote(now);
    auto most = reference_.claimable(queues, static_cast<std::size_t>(limit));
    std::vector<Attempt> got;
    for (auto& world : worlds_) {
        auto given = world->claim(worker, queues, limit, now);
        if (world == worlds_.front()) got = given;
        expect("what was claimed", line(given), line(got));
    }
    tell(fmt::format("worker {} claims {}: {}", worker, limit, line(got)));
    expect("the number of jobs claimed", fmt::to_string(got.size()), fmt::to_string(most));
    expect("a claim", reference_.claim(worker, got), "");
    // Now and then nobody learns what was claimed.
    if (!chance(5)) attempts_.insert(attempts_.end(), got.begin(), got.end());
}

void History::claim_in_vain(
    std::size_t worker, const std::vector<QueueName>& queues, Timestamp now
) {
    for (auto& world : worlds_) {
        auto given = world->claim_in_vain(worker, queues, now);
        if (world == worlds_.front()) in_vain_.insert(in_vain_.end(), given.begin(), given.end());
    }
    tell(fmt::format("worker {} claims, undone; it holds in vain{}", worker, line(in_vain_)));
}

std::string History::line(const std::vector<Attempt>& attempts) {
    std::string text;
    for (const auto& one : attempts) {
        text += fmt::format(
            " {} (lease {} of worker {}, attempt {} of {})", one.place, one.lease_seq, one.worker,
            one.attempts, one.generation
        );
    }
    return text;
}

const Attempt* History::some_attempt() {
    if (!in_vain_.empty() && chance(40)) return &in_vain_[draw(in_vain_.size())];
    if (attempts_.empty()) return nullptr;
    auto back = std::min<std::size_t>(attempts_.size(), 12);
    return &attempts_[attempts_.size() - 1 - draw(back)];
}

void History::end() {
    const auto* attempt = some_attempt();
    if (!attempt) return;
    auto now = by_a_wrong_clock();
    auto status = chance(70) ? Status::success : chance(80) ? Status::failed : Status::cancelled;
    auto what = fate();
    tell(fmt::format("end{} as {}{}", line({*attempt}), describe::name_of(status), name(what)));
    for (auto& world : worlds_) world->end(*attempt, status, now, what);
    if (what == Fate::undone) return;
    reference_.end(*attempt, status, status == Status::failed ? "test.broken" : "", now);
}

void History::put_back() {
    const auto* attempt = some_attempt();
    if (!attempt) return;
    auto counts = attempt->attempts < 3 && chance(60);
    auto now = by_a_wrong_clock();
    auto run_at = now + std::chrono::seconds(draw(20));
    auto what = fate();
    tell(fmt::format("put back{}{}{}", line({*attempt}), counts ? "" : " uncounted", name(what)));
    for (auto& world : worlds_) world->put_back(*attempt, counts, run_at, now, what);
    if (what == Fate::undone) return;
    reference_.put_back(*attempt, counts, State::scheduled, run_at, now);
}

void History::keep_step() {
    const auto* attempt = some_attempt();
    if (!attempt) return;
    auto step = fmt::format("step_{}", draw(3));
    auto what = fate();
    tell(fmt::format("{} of{}{}", step, line({*attempt}), name(what)));
    auto before = reference_;
    auto foretold = reference_.keep_step(*attempt, step);
    if (what == Fate::undone) reference_ = std::move(before);
    for (auto& world : worlds_) {
        auto kept = world->keep_step(*attempt, step, clock_.now(), what);
        expect("whether a step is kept", fmt::to_string(kept), fmt::to_string(foretold));
    }
}

void History::cancel() {
    auto place = draw(reference_.size());
    auto what = fate();
    tell(fmt::format("cancel {}{}", place, name(what)));
    auto before = reference_;
    auto foretold = reference_.cancel(place, clock_.now());
    if (what == Fate::done_twice && foretold != "job.finished")
        foretold = reference_.cancel(place, clock_.now());
    if (what == Fate::undone) reference_ = std::move(before);
    for (auto& world : worlds_) expect("a cancel", world->cancel(place, what), foretold);
}

void History::retry() {
    auto place = draw(reference_.size());
    auto what = fate();
    tell(fmt::format("retry {}{}", place, name(what)));
    auto before = reference_;
    auto foretold = reference_.retry(place, clock_.now());
    if (what == Fate::done_twice && foretold == "ready")
        foretold = reference_.retry(place, clock_.now());
    if (what == Fate::undone) reference_ = std::move(before);
    for (auto& world : worlds_) expect("a retry", world->retry(place, what), foretold);
}

void History::lose_a_worker() {
    auto at = draw(living_.size());
    auto worker = living_[at];
    living_.erase(living_.begin() + static_cast<std::ptrdiff_t>(at));
    dead_.insert(worker);
    tell(fmt::format("worker {} is lost", worker));
    for (auto& world : worlds_) {
        world->end_lease(worker);
        world->rescue(clock_.now());
    }
    reference_.rescue(dead_, clock_.now());
    add_worker();
}

void History::add_worker() {
    for (auto& world : worlds_) world->add_worker();
    living_.push_back(workers_++);
    clock_.advance(std::chrono::seconds(1));
}

void History::set_share() {
    auto queue = chance(70) ? QueueName::ai : QueueName::interactive;
    auto of_alice = chance(50);
    auto weight = static_cast<std::int64_t>(1 + draw(3));
    std::optional<std::int64_t> most;
    if (chance(70)) most = static_cast<std::int64_t>(draw(4));
    tell(fmt::format("{}'s limit is {}", of_alice ? "alice" : "bob", most.value_or(-1)));
    for (auto& world : worlds_) world->set_share(queue, of_alice, weight, most);
    reference_.limit(queue, of_alice ? alices : bobs, most);
}

void History::pause() {
    auto queue = chance(50) ? QueueName::ai : QueueName::interactive;
    auto paused = chance(30);
    tell(fmt::format("{} is {}", describe::name_of(queue), paused ? "paused" : "open"));
    for (auto& world : worlds_) world->pause(queue, paused);
    reference_.pause(queue, paused);
}

void History::compare_all() {
    for (auto& world : worlds_) {
        for (Place place = 0; place < reference_.size(); ++place)
            expect(fmt::format("job {}", place), world->view(place), reference_.view(place));
        expect("the invariants", fmt::format("{}", fmt::join(world->violations(), "\n")), "");
    }
}

}  // namespace afterresume::simulation
