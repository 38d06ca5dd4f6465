// Records what a database does with two jobs of one tenant that may run one at a time, as the acts
// of model/lease.pml: record_traces FOLDER. Each act stands with what the database answered.

#include "world.h"

#include <fmt/format.h>
#include <fmt/os.h>

#include <cstdio>
#include <filesystem>
#include <random>

namespace afterresume::simulation {
namespace {

using jobs::QueueName;
using jobs::Status;

constexpr Place job_count = 2;
constexpr std::size_t worker_count = 2;
constexpr int acts = 120;
constexpr std::uint64_t seeds = 10;

class Recording {
public:
    Recording(sql::Dialect dialect, std::uint64_t seed) : world_(dialect, clock_), dice_(seed) {
        for (std::size_t worker = 0; worker < worker_count; ++worker) world_.add_worker();
        clock_.advance(std::chrono::seconds(1));
        for (Place place = 0; place < job_count; ++place) {
            world_.enqueue({true, {.type = "a.one"}, {}});
            clock_.advance(std::chrono::milliseconds(1));
        }
        world_.set_share(QueueName::ai, true, 1, 1);
    }

    std::string record() {
        for (int i = 0; i < acts && !living_.empty(); ++i) {
            clock_.advance(std::chrono::milliseconds(10));
            act();
            for (Place place = 0; place < job_count; ++place) show(place);
        }
        return std::move(text_);
    }

private:
    std::size_t draw(std::size_t below) { return dice_() % below; }
    bool chance(std::size_t percent) { return draw(100) < percent; }
    template <class... Parts>
    void tell(fmt::format_string<Parts...> format, Parts&&... parts) {
        text_ += fmt::format(format, std::forward<Parts>(parts)...) + ";\n";
    }

    void show(Place place) {
        auto view = world_.view(place);
        auto status = view.substr(0, view.find(','));
        auto attempts = view.substr(view.find("attempts ") + 9);
        tell(
            "shows({}, {}, {})", place, status == "queued" ? "scheduled" : status,
            attempts.substr(0, attempts.find(','))
        );
    }

    void act() {
        if (attempts_.empty() || chance(30)) return claim();
        const auto& attempt =
            attempts_[attempts_.size() - 1 - draw(std::min<std::size_t>(attempts_.size(), 4))];
        switch (draw(12)) {
            case 0:
            case 1:
                return end(attempt);
            case 2:
            case 3:
            case 4:
                return put_back(attempt);
            case 5:
            case 6:
                return keep_step(attempt);
            case 7:
                return cancel(draw(job_count));
            case 8:
            case 9:
                return redrive(draw(job_count));
            case 10:
                if (chance(15)) lose(draw(living_.size()));
                return;
            default:
                return promote();
        }
    }

    // Claims make jobs ready whose time has come, so that time goes on only here.
    void promote() {
        clock_.advance(std::chrono::minutes(1));
        tell("did_promote()");
        due_ = true;
    }

    void claim() {
        if (!due_) return promote();
        auto worker = living_[draw(living_.size())];
        auto got = world_.claim(worker, {QueueName::ai}, 1, clock_.now());
        if (got.empty()) tell("did_claim_nothing({})", worker);
        for (const auto& attempt : got) {
            tell("did_claim({}, {}, {})", worker, attempt.place, attempt.lease_seq);
            attempts_.push_back(attempt);
        }
    }

    void end(const Attempt& attempt) {
        auto status = chance(30) ? Status::success : Status::failed;
        world_.end(attempt, status, clock_.now(), Fate::done);
        tell("did_end({}, {}, {})", attempt.place, attempt.lease_seq, describe::name_of(status));
    }

    void put_back(const Attempt& attempt) {
        auto uncounted = attempt.attempts == 3 || chance(50);
        auto later = clock_.now() + std::chrono::seconds(30);
        world_.put_back(attempt, !uncounted, later, clock_.now(), Fate::done);
        tell("did_put_back({}, {}, {})", attempt.place, attempt.lease_seq, uncounted ? 1 : 0);
        due_ = false;
    }

    void keep_step(const Attempt& attempt) {
        auto kept = world_.keep_step(attempt, "step", clock_.now(), Fate::done);
        tell("did_keep_step({}, {}, {})", attempt.place, attempt.lease_seq, kept);
    }

    void cancel(Place place) {
        if (world_.cancel(place, Fate::done) != "job.finished") tell("did_cancel({})", place);
    }

    // A retry of a job that only waits for its time is no redrive.
    void redrive(Place place) {
        auto ended = world_.view(place);
        if (!ended.starts_with("failed") && !ended.starts_with("cancelled")) return;
        if (world_.retry(place, Fate::done) == "ready") tell("did_redrive({})", place);
    }

    void lose(std::size_t at) {
        auto worker = living_[at];
        living_.erase(living_.begin() + static_cast<std::ptrdiff_t>(at));
        world_.end_lease(worker);
        world_.rescue(clock_.now());
        tell("did_lose({})", worker);
    }

    ManualClock clock_{Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1))};
    World world_;
    std::mt19937_64 dice_;
    std::vector<std::size_t> living_{0, 1};
    std::vector<Attempt> attempts_;
    // No job waits for a time that has not come.
    bool due_ = true;
    std::string text_;
};

}  // namespace
}  // namespace afterresume::simulation

int main(int count, char** words) {
    using namespace afterresume;
    if (count != 2) {
        fmt::print(stderr, "usage: record_traces FOLDER\n");
        return 2;
    }
    std::filesystem::path folder(words[1]);
    std::filesystem::create_directories(folder);
    for (auto dialect : {sql::Dialect::sqlite, sql::Dialect::postgres}) {
        if (dialect == sql::Dialect::postgres && !sql::test_server_url()) continue;
        auto name = dialect == sql::Dialect::sqlite ? "sqlite" : "postgres";
        for (std::uint64_t seed = 1; seed <= simulation::seeds; ++seed) {
            auto file =
                fmt::output_file((folder / fmt::format("{}-{}.trace", name, seed)).string());
            file.print("{}", simulation::Recording(dialect, seed).record());
        }
    }
}
