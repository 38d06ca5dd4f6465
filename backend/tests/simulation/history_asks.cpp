// What people ask for in other ways than job by job.
#include "history.h"

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
            auto given = world->ask(wish, what == Fate::undone ? what : Fate::done);
            if (given) expect("the job of a key", line_of(*given), foretold);
        }
    }
}

void History::forget_keys() {
    tell("keys are forgotten");
    for (auto& world : worlds_) world->forget_keys();
    reference_.forget_keys(clock_.now());
}

}  // namespace afterresume::simulation
