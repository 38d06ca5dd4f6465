#include "engine/jobs/descendants.h"
#include "engine/jobs/processes.h"
#include "engine/jobs/release.h"
#include "engine/workers/desk.h"
#include "engine/workers/loop.h"

namespace afterresume::workers {

namespace {

constexpr std::int64_t resolved_at_once = 500;
// Whose jobs are looked for each time; those of all who ever died, as often as it is cheap.
constexpr std::chrono::seconds just_died{15};
// How long a job is left alone that could not be rescued.
constexpr std::chrono::minutes passed_by{1};

}  // namespace

Task<std::size_t> Worker::Desk::beat() {
    auto beat = co_await send_beat(parts_.database, lease_, options_, parts_.clock);
    auto count = co_await hear(std::move(beat));
    co_return count;
}

Task<void> Worker::Desk::beat_if_due() {
    if (jobs::boot_time_now() - beaten_ >= options_.beat) co_await beat();
}

// Beats may be heard of late, several at a time. An answer to one that was sent before the last was
// heard of may list claims that are still on their way to us: strangers are told from later ones.
Task<std::size_t> Worker::Desk::hear(Beat beat) {
    if (closed_ || beat.lease != lease_) co_return 0;
    auto late = beat.sent < heard_;
    beaten_ = beat.sent;
    heard_ = jobs::boot_time_now();
    if (beat.successor) {
        lose_authority(std::move(beat.successor));
        co_return 0;
    }
    deliver(beat);
    auto count = beat.running.size();
    if (!late && beat.all) co_await return_strangers(std::move(beat.running));
    co_return count;
}

void Worker::Desk::lose_authority(LeasePointer successor) {
    parts_.log.warning(
        "worker", "declared dead after a lease of {} ms ran out; starting anew",
        options_.lease.count()
    );
    for (auto& [id, attempt] : attempts_) attempt->signals.abandon();
    attempts_.clear();
    outcomes_.clear();
    strangers_.clear();
    lease_ = std::move(successor);
}

void Worker::Desk::deliver(const Beat& beat) {
    std::unordered_map<Uuid, const jobs::Running*> listed;
    for (const auto& job : beat.running) listed[job.id] = &job;
    for (auto& [id, attempt] : attempts_) {
        auto found = listed.find(id);
        if (found != listed.end() && found->second->lease_seq == attempt->job.lease_seq) {
            if (found->second->cancel_requested) attempt->signals.cancel();
        } else if (attempt->begun < beat.sent) {
            attempt->signals.abandon();
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
            lost.push_back(jobs::handed_back({job.id, job.lease_seq, id()}, parts_.clock.now()));
    }
    strangers_ = std::move(strangers);
    if (lost.empty()) co_return;
    auto tx = parts_.database.begin_engine(sql::Access::write);
    jobs::write_outcomes(*tx, {}, lost, parts_.clock.now());
    co_await tx->commit();
    ring();
}

Task<std::size_t> Worker::Desk::rescue() {
    // The one process of a SQLite database would bury itself whenever it, or the clock, was late.
    if (parts_.database.dialect() == sql::Dialect::sqlite) co_await beat();
    auto begun = std::chrono::steady_clock::now();
    auto now = parts_.clock.now();
    auto of_all = orphans_.is_due(begun);
    jobs::RescueLimits limits;
    limits.rescues = options_.rescue_cap;
    limits.apart = options_.rescue_apart;
    if (!of_all) limits.died_since = now - just_died;
    std::erase_if(unwritable_, [&](const auto& one) { return one.second < begun; });
    for (const auto& [id, until] : unwritable_) limits.except.push_back(id);
    auto together = co_await guarded(parts_.log, "a rescue", rescue_together(limits, now));
    auto moved = together ? *together : co_await rescue_each(limits, now);
    if (of_all) orphans_.took(begun, std::chrono::steady_clock::now());
    if (moved > 0) {
        parts_.log.info("worker", "took back or ended {} jobs of workers that died", moved);
        parts_.doorbell.ring();
    }
    co_return moved + co_await resolve();
}

Task<std::size_t> Worker::Desk::rescue_together(jobs::RescueLimits limits, Timestamp now) {
    auto tx = parts_.database.begin_engine(sql::Access::write);
    auto moved = co_await jobs::rescue(*tx, std::move(limits), now);
    co_await tx->commit();
    co_return moved;
}

// So that one job that cannot be written keeps none of the others. Their workers are declared dead
// before.
Task<std::size_t> Worker::Desk::rescue_each(jobs::RescueLimits limits, Timestamp now) {
    auto tx = parts_.database.begin_engine(sql::Access::write);
    auto orphans = co_await jobs::find_orphans(*tx, limits, now);
    co_await tx->commit();
    std::size_t moved = 0;
    for (const auto& orphan : orphans) {
        auto what = fmt::format("the rescue of the job {}", orphan.id.text());
        auto done = co_await guarded(parts_.log, what, rescue_one(orphan, limits, now));
        if (!done) unwritable_[orphan.id] = std::chrono::steady_clock::now() + passed_by;
        moved += done.value_or(0);
    }
    co_return moved;
}

Task<std::size_t> Worker::Desk::rescue_one(
    jobs::Orphan orphan, const jobs::RescueLimits& limits, Timestamp now
) {
    auto tx = parts_.database.begin_engine(sql::Access::write);
    jobs::rescue(*tx, {std::move(orphan)}, limits, now);
    co_await tx->commit();
    co_return 1;
}

Task<std::size_t> Worker::Desk::resolve() {
    std::size_t moved = 0;
    for (std::size_t last = 1; last > 0; moved += last) {
        auto tx = parts_.database.begin_engine(sql::Access::write);
        last = co_await jobs::resolve(*tx, resolved_at_once, parts_.clock.now());
        auto stopped =
            co_await jobs::cancel_noted_descendants(*tx, resolved_at_once, parts_.clock.now());
        co_await tx->commit();
        if (stopped > 0 && parts_.cancels != nullptr) parts_.cancels->ring();
        last += stopped;
    }
    co_return moved;
}

}  // namespace afterresume::workers
