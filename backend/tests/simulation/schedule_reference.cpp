#include "schedule_reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

namespace afterresume::simulation {

using jobs::Status;
using schedules::Missed;
using schedules::Outcome;
using schedules::Overlap;

namespace {

constexpr std::size_t most_made_up_for = 24;
constexpr std::size_t last_jobs = 100;
constexpr std::size_t looked_at_once = 1'000;
constexpr std::chrono::seconds in_time{60};

Timestamp next_slot(std::chrono::minutes every, Timestamp after) {
    std::chrono::milliseconds length = every;
    return Timestamp((after.time_since_epoch() / length + 1) * length);
}

std::string text_of(std::optional<Timestamp> time) { return time ? to_text(*time) : "never"; }

bool has_ended(const Begun& job) {
    return job.status != Status::queued && job.status != Status::running;
}

// Of the last hundred jobs, by their slots, those that have not ended.
std::vector<std::size_t> unfinished(const Rhythm& rhythm) {
    std::vector<std::size_t> found;
    std::size_t looked = 0;
    for (const auto& [slot, verdict] : std::views::reverse(rhythm.verdicts)) {
        if (!verdict.job) continue;
        if (looked++ == last_jobs) break;
        if (!has_ended(rhythm.jobs[*verdict.job])) found.push_back(*verdict.job);
    }
    return found;
}

bool makes_room(Rhythm& rhythm) {
    auto old = unfinished(rhythm);
    auto is_queued = [&](std::size_t job) { return rhythm.jobs[job].status == Status::queued; };
    switch (rhythm.overlap) {
        case Overlap::allow:
            return true;
        case Overlap::skip:
            return old.empty();
        case Overlap::queue_one:
            return std::ranges::none_of(old, is_queued);
        case Overlap::cancel_old:
            for (auto job : old) {
                if (is_queued(job)) {
                    rhythm.jobs[job].status = Status::cancelled;
                } else {
                    rhythm.jobs[job].cancel_requested = true;
                }
            }
    }
    return true;
}

}  // namespace

std::string line_of(std::optional<Timestamp> next, std::optional<Timestamp> last_run) {
    return fmt::format("next {}, last run {}\n", text_of(next), text_of(last_run));
}

std::string line_of(Timestamp slot, const Verdict& verdict) {
    return fmt::format(
        "{} at {}: {}, slots {}, {}, {}, {}\n", to_text(slot), to_text(verdict.at),
        describe::name_of(verdict.outcome), verdict.slots,
        verdict.by_hand ? "by hand" : "by itself", verdict.reason.empty() ? "-" : verdict.reason,
        verdict.job ? fmt::format("job {}", *verdict.job) : "no job"
    );
}

std::string line_of(Status status) { return fmt::format("{}\n", describe::name_of(status)); }

void ScheduleReference::create(Rhythm rhythm, Timestamp now) {
    rhythm.next = next_slot(rhythm.every, now);
    rhythms_.push_back(std::move(rhythm));
}

void ScheduleReference::edit(Number number, Rhythm wanted, Timestamp now) {
    auto& rhythm = rhythms_[number];
    rhythm.missed = wanted.missed;
    rhythm.overlap = wanted.overlap;
    auto other = rhythm.every != wanted.every;
    rhythm.every = wanted.every;
    if (other && rhythm.next) rhythm.next = next_slot(rhythm.every, now);
}

void ScheduleReference::set_enabled(Number number, bool enabled, Timestamp now) {
    auto& rhythm = rhythms_[number];
    if (enabled == rhythm.next.has_value()) return;
    rhythm.next.reset();
    if (enabled) rhythm.next = next_slot(rhythm.every, now);
}

void ScheduleReference::allow(bool alices, bool allowed) { allowed_[alices] = allowed; }

void ScheduleReference::fire(Timestamp now) {
    for (auto& rhythm : rhythms_) {
        while (rhythm.next && *rhythm.next <= now) decide(rhythm, now);
    }
}

// What was due and gets no job is one verdict, at the first slot of them. Of slots that are
// followed by more than can be looked at in one go, all are missed.
void ScheduleReference::decide(Rhythm& rhythm, Timestamp now) {
    std::vector<Timestamp> due;
    auto slot = *rhythm.next;
    for (; slot <= now && due.size() < looked_at_once; slot = next_slot(rhythm.every, slot))
        due.push_back(slot);
    rhythm.next = slot;
    std::size_t wanted = rhythm.missed == Missed::backfill ? most_made_up_for : 1;
    auto late = rhythm.missed == Missed::skip && now - due.back() >= in_time;
    if (late || slot <= now) wanted = 0;
    auto missed = due.size() - std::min(due.size(), wanted);
    if (missed > 0) {
        auto count = static_cast<std::int64_t>(missed);
        rhythm.verdicts.try_emplace(
            due.front(), Verdict{now, Outcome::missed, count, false, {}, std::nullopt}
        );
    }
    for (auto kept : std::views::drop(due, static_cast<std::ptrdiff_t>(missed)))
        decide_slot(rhythm, kept, now);
}

// A slot that was decided stays so, whoever comes to it again.
void ScheduleReference::decide_slot(Rhythm& rhythm, Timestamp slot, Timestamp now) {
    if (rhythm.verdicts.contains(slot)) return;
    Verdict refused{now, Outcome::refused, 1, false, "schedule.permission_lost", std::nullopt};
    rhythm.verdicts[slot] = allowed_[rhythm.alices] ? fire_slot(rhythm, now) : refused;
}

Verdict ScheduleReference::fire_slot(Rhythm& rhythm, Timestamp now) {
    Verdict verdict{now, Outcome::skipped, 1, false, {}, std::nullopt};
    if (!makes_room(rhythm)) return verdict;
    verdict.outcome = Outcome::fired;
    verdict.job = rhythm.jobs.size();
    rhythm.jobs.emplace_back();
    rhythm.last_run = now;
    return verdict;
}

std::string ScheduleReference::run_now(Number number, Timestamp now) {
    auto& rhythm = rhythms_[number];
    auto known = rhythm.verdicts.find(now);
    auto verdict = known == rhythm.verdicts.end() ? fire_slot(rhythm, now) : known->second;
    if (!verdict.job) return "schedule.still_running";
    if (known == rhythm.verdicts.end()) {
        verdict.by_hand = true;
        rhythm.verdicts[now] = verdict;
    }
    return fmt::format("job {}", *verdict.job);
}

void ScheduleReference::begin(Number number) {
    auto& jobs = rhythms_[number].jobs;
    auto oldest = std::ranges::find(jobs, Status::queued, &Begun::status);
    if (oldest != jobs.end()) oldest->status = Status::running;
}

void ScheduleReference::end(Number number, Status status) {
    auto& jobs = rhythms_[number].jobs;
    auto oldest = std::ranges::find(jobs, Status::running, &Begun::status);
    if (oldest != jobs.end())
        oldest->status = oldest->cancel_requested ? Status::cancelled : status;
}

std::string ScheduleReference::view(Number number) const {
    const auto& rhythm = rhythms_[number];
    auto text = line_of(rhythm.next, rhythm.last_run);
    for (const auto& [slot, verdict] : rhythm.verdicts) text += line_of(slot, verdict);
    for (const auto& job : rhythm.jobs) text += line_of(job.status);
    return text;
}

}  // namespace afterresume::simulation
