#include "schedule_world.h"
#include "seeds.h"

#include <gtest/gtest.h>

#include <fmt/ranges.h>

#include <random>

namespace afterresume::simulation {
namespace {

using namespace std::chrono_literals;
using jobs::Status;

// One random life of schedules of two people, the same on every database that is here: they are
// changed, paused and run by hand, nobody is there for hours, two nodes fire at once, and clocks of
// nodes go wrong by minutes and back. What is observed has to be what the reference foretells.
class ScheduleHistory {
public:
    explicit ScheduleHistory(std::uint64_t seed) : dice_(seed) {
        for (auto dialect : {sql::Dialect::sqlite, sql::Dialect::postgres}) {
            if (dialect == sql::Dialect::sqlite || sql::test_server_url())
                worlds_.push_back(std::make_unique<ScheduleWorld>(dialect, clock_));
        }
    }

    // The first difference, with the acts that led to it; empty without one.
    std::string live(int acts) {
        for (int i = 0; i < acts && difference_.empty(); ++i) {
            clock_.advance(std::chrono::milliseconds(1 + draw(60'000)));
            act();
            if (i % 8 == 0 || i + 1 == acts) compare_all();
        }
        if (difference_.empty()) return {};
        return fmt::format("{}\n{}", fmt::join(told_, "\n"), difference_);
    }

private:
    std::size_t draw(std::size_t below) { return dice_() % below; }
    bool chance(std::size_t percent) { return draw(100) < percent; }
    Number some_schedule() { return draw(reference_.size()); }
    template <std::size_t size>
    auto one_of(const auto (&choices)[size]) {
        return choices[draw(size)];
    }

    template <class... Parts>
    void tell(fmt::format_string<Parts...> format, Parts&&... parts) {
        told_.push_back(
            to_text(clock_.now()) + " " + fmt::format(format, std::forward<Parts>(parts)...)
        );
    }
    void expect(std::string_view what, const std::string& seen, const std::string& foretold) {
        if (seen == foretold || !difference_.empty()) return;
        difference_ = fmt::format("{}:\n{}foretold:\n{}", what, seen, foretold);
    }

    void act() {
        if (reference_.size() < 2) return create();
        switch (draw(16)) {
            case 0:
                return reference_.size() < most_schedules ? create() : edit();
            case 1:
                return edit();
            case 2:
                return set_enabled();
            case 3:
                return allow();
            case 4:
                return run_now();
            case 5:
            case 6:
                return begin();
            case 7:
            case 8:
                return end();
            case 9:
            case 10:
            case 11:
                return fire();
            case 12:
            case 13:
                return fire_twice();
            case 14:
                if (chance(30)) clock_.advance(std::chrono::hours(draw(36)));
                return tell("nobody was there for a while");
            default:
                clock_.advance(std::chrono::minutes(draw(45)));
                tell("time goes on");
        }
    }

    Rhythm some_rhythm() {
        using schedules::Missed;
        using schedules::Overlap;
        Rhythm rhythm;
        rhythm.alices = chance(50);
        rhythm.every = one_of({5min, 15min, 60min});
        rhythm.missed = one_of({Missed::skip, Missed::once, Missed::backfill});
        rhythm.overlap =
            one_of({Overlap::allow, Overlap::skip, Overlap::queue_one, Overlap::cancel_old});
        return rhythm;
    }
    static std::string line(const Rhythm& rhythm) {
        return fmt::format(
            "every {} min, missed {}, overlap {}", rhythm.every.count(),
            describe::name_of(rhythm.missed), describe::name_of(rhythm.overlap)
        );
    }

    void create() {
        auto rhythm = some_rhythm();
        tell(
            "schedule {} of {}: {}", reference_.size(), rhythm.alices ? "alice" : "bob",
            line(rhythm)
        );
        for (auto& world : worlds_) world->create(rhythm);
        reference_.create(rhythm, clock_.now());
    }

    void edit() {
        auto number = some_schedule();
        auto wanted = some_rhythm();
        tell("schedule {} becomes: {}", number, line(wanted));
        for (auto& world : worlds_) world->edit(number, wanted);
        reference_.edit(number, wanted, clock_.now());
    }

    void set_enabled() {
        auto number = some_schedule();
        auto enabled = chance(70);
        tell("schedule {} is {}", number, enabled ? "resumed" : "paused");
        for (auto& world : worlds_) world->set_enabled(number, enabled);
        reference_.set_enabled(number, enabled, clock_.now());
    }

    void allow() {
        auto alices = chance(50);
        auto allowed = chance(70);
        tell("{} may {}", alices ? "alice" : "bob", allowed ? "work" : "only look");
        for (auto& world : worlds_) world->allow(alices, allowed);
        reference_.allow(alices, allowed);
    }

    void run_now() {
        auto number = some_schedule();
        tell("schedule {} is run by hand", number);
        auto foretold = reference_.run_now(number, clock_.now());
        for (auto& world : worlds_) expect("a run by hand", world->run_now(number), foretold);
    }

    void begin() {
        auto number = some_schedule();
        tell("a job of schedule {} begins", number);
        for (auto& world : worlds_) world->begin(number);
        reference_.begin(number);
    }

    void end() {
        auto number = some_schedule();
        auto status = chance(70) ? Status::success : Status::failed;
        tell("a job of schedule {} ends as {}", number, describe::name_of(status));
        for (auto& world : worlds_) world->end(number, status);
        reference_.end(number, status);
    }

    // A clock that goes before finds slots due that are not; one that goes behind finds none.
    void fire() {
        auto now = clock_.now();
        if (chance(30)) now += std::chrono::seconds(static_cast<int>(draw(2'400)) - 1'200);
        tell("a node fires at {}", to_text(now));
        for (auto& world : worlds_) world->fire(now);
        reference_.fire(now);
    }

    void fire_twice() {
        tell("two nodes fire");
        for (auto& world : worlds_) world->fire_twice(clock_.now());
        reference_.fire(clock_.now());
    }

    void compare_all() {
        for (auto& world : worlds_) {
            for (Number number = 0; number < reference_.size(); ++number)
                expect(
                    fmt::format("schedule {}", number), world->view(number), reference_.view(number)
                );
            expect("the invariants", fmt::format("{}", fmt::join(world->violations(), "\n")), "");
        }
    }

    std::mt19937_64 dice_;
    ManualClock clock_{Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1))};
    std::vector<std::unique_ptr<ScheduleWorld>> worlds_;
    ScheduleReference reference_;
    std::vector<std::string> told_;
    std::string difference_;
};

// One job for each slot, whoever fires when by which clock (I11).
TEST(ScheduleHistoryTest, ShowsOnEveryDatabaseWhatTheReferenceForetells) {
    for (auto seed : seeds()) {
        auto difference = shown_by([&] { return ScheduleHistory(seed).live(160); });

        ASSERT_EQ(difference, "") << "of the history with seed " << seed;
    }
}

}  // namespace
}  // namespace afterresume::simulation
