#include "engine/jobs/descendants.h"
#include "engine/jobs/processes.h"
#include "engine/jobs/release.h"
#include "engine/workers/desk.h"

namespace afterresume::workers {

namespace {

constexpr std::int64_t resolved_at_once = 500;

}  // namespace

Task<std::size_t> Worker::Desk::beat() {
    std::unordered_set<Uuid> known_before;
    for (const auto& [id, attempt] : attempts_) known_before.insert(id);
    auto before = jobs::boot_time_now();
    auto tx = parts_.database.begin_engine(sql::Access::write);
    auto running = co_await jobs::beat(*tx, id(), options_.lease, parts_.clock.now());
    co_await tx->commit();
    if (!running) {
        lose_authority();
        co_await enlist();
        co_return 0;
    }
    beaten_ = before;
    lease_->renew(before + options_.lease - options_.margin);
    deliver(*running, known_before);
    auto count = running->size();
    co_await return_strangers(std::move(*running));
    co_return count;
}

Task<void> Worker::Desk::beat_if_due() {
    if (jobs::boot_time_now() - beaten_ >= options_.beat) co_await beat();
}

void Worker::Desk::lose_authority() {
    parts_.log.warning(
        "worker", "declared dead after a lease of {} ms ran out; starting anew",
        options_.lease.count()
    );
    lease_->end();
    for (auto& [id, attempt] : attempts_) attempt->signals.abandoned = true;
    attempts_.clear();
    outcomes_.clear();
    strangers_.clear();
    lease_ = std::make_shared<jobs::Lease>(Uuid::random());
}

void Worker::Desk::deliver(
    const std::vector<jobs::Running>& running, const std::unordered_set<Uuid>& known_before
) {
    std::unordered_map<Uuid, const jobs::Running*> listed;
    for (const auto& job : running) listed[job.id] = &job;
    for (auto& [id, attempt] : attempts_) {
        auto found = listed.find(id);
        if (found != listed.end() && found->second->lease_seq == attempt->job.lease_seq) {
            attempt->signals.cancel_requested = found->second->cancel_requested;
        } else if (known_before.contains(id)) {
            attempt->signals.abandoned = true;
        }
    }
}

// A commit whose answer was lost may have claimed jobs that nobody here knows of. One beat may list
// a claim that is still on its way to us; two beats in a row do not.
Task<void> Worker::Desk::return_strangers(std::vector<jobs::Running> running) {
    std::unordered_set<Uuid> strangers;
    std::vector<jobs::Return> lost;
    for (const auto& job : running) {
        if (attempts_.contains(job.id)) continue;
        strangers.insert(job.id);
        if (strangers_.contains(job.id))
            lost.push_back(jobs::handed_back({job.id, job.lease_seq}, parts_.clock.now()));
    }
    strangers_ = std::move(strangers);
    if (lost.empty()) co_return;
    auto tx = parts_.database.begin_engine(sql::Access::write);
    jobs::write_outcomes(*tx, {}, lost, parts_.clock.now());
    co_await tx->commit();
    ring();
}

Task<std::size_t> Worker::Desk::rescue() {
    auto tx = parts_.database.begin_engine(sql::Access::write);
    jobs::RescueLimits limits;
    limits.rescues = options_.rescue_cap;
    limits.apart = options_.rescue_apart;
    auto moved = co_await jobs::rescue(*tx, limits, parts_.clock.now());
    co_await tx->commit();
    if (moved > 0) {
        parts_.log.info("worker", "took back or ended {} jobs of workers that died", moved);
        parts_.doorbell.ring();
    }
    co_return moved + co_await resolve();
}

Task<std::size_t> Worker::Desk::resolve() {
    std::size_t moved = 0;
    for (std::size_t last = 1; last > 0; moved += last) {
        auto tx = parts_.database.begin_engine(sql::Access::write);
        last = co_await jobs::resolve(*tx, resolved_at_once, parts_.clock.now());
        last += co_await jobs::cancel_noted_descendants(*tx, resolved_at_once, parts_.clock.now());
        co_await tx->commit();
    }
    co_return moved;
}

}  // namespace afterresume::workers
