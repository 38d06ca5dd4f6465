// One random life of jobs, drawn from a seed.
#pragma once

#include "world.h"

#include <random>

namespace afterresume::simulation {

// One random life of jobs under two tenants and three workers, the same on every database that is
// here: processes die before and after a commit, wake up when others have their jobs, write twice,
// and disagree about the time. Whatever is observed has to be what the reference foretells.
class History {
public:
    explicit History(std::uint64_t seed);
    // The first difference, with the acts that led to it; empty without one.
    std::string live(int acts);

private:
    static constexpr TenantId alices{1};
    static constexpr TenantId bobs{2};

    std::size_t draw(std::size_t below) { return dice_() % below; }
    bool chance(std::size_t percent) { return draw(100) < percent; }
    Timestamp by_a_wrong_clock() {
        return clock_.now() + std::chrono::milliseconds(static_cast<int>(draw(4'000)) - 2'000);
    }
    Fate fate() {
        auto die = draw(10);
        return die == 0 ? Fate::undone : die == 1 ? Fate::done_twice : Fate::done;
    }
    static std::string name(Fate fate) {
        if (fate == Fate::undone) return " (undone)";
        return fate == Fate::done_twice ? " (twice)" : "";
    }

    // How often it is done where the act itself says what came of it.
    static int times(Fate fate) { return fate == Fate::done_twice ? 2 : 1; }
    static Fate once(Fate fate) { return fate == Fate::undone ? fate : Fate::done; }

    void tell(std::string line) { told_.push_back(std::move(line)); }
    void expect(std::string_view what, const std::string& seen, const std::string& foretold) {
        if (seen == foretold || !difference_.empty()) return;
        difference_ = fmt::format("{}:\n  seen     {}\n  foretold {}", what, seen, foretold);
    }

    void act();
    void enqueue();
    void ask();
    void forget_keys();
    void enqueue_all();
    void change_each();
    // Their attempts step aside, or are called back.
    void wait();
    void wait_for_jobs();
    void wait_for_call();
    void call_back();
    void pause_a_tenant();
    void claim();
    void claim_in_vain(
        std::size_t worker, const std::vector<jobs::QueueName>& queues, Timestamp now
    );
    static std::string line(const std::vector<Attempt>& attempts);
    // One of the last, which may be long stale, or never was.
    const Attempt* some_attempt();
    void end();
    void put_back();
    void keep_step();
    void cancel();
    void retry();
    // It may only be paused: what it holds stays among the attempts.
    void lose_a_worker();
    void add_worker();
    void set_share();
    void pause();
    void compare_all();

    std::mt19937_64 dice_;
    ManualClock clock_{Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1))};
    std::vector<std::unique_ptr<World>> worlds_;
    Reference reference_;
    std::vector<Attempt> attempts_;
    // What workers believe to hold by claims that a crash has undone.
    std::vector<Attempt> in_vain_;
    std::vector<std::size_t> living_;
    std::set<std::size_t> dead_;
    std::size_t workers_ = 0;
    std::vector<std::string> told_;
    std::string difference_;
};

}  // namespace afterresume::simulation
