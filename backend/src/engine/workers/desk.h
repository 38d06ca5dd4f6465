// What a worker has on its desk: the attempts under way and the outcomes not yet written. Shared by
// the loops and by every attempt, so that it lives until the last of them has ended.
#pragma once

#include "engine/jobs/claims.h"
#include "engine/jobs/processes.h"
#include "engine/workers/attempt.h"
#include "engine/workers/heartbeat.h"
#include "engine/workers/lookout.h"
#include "engine/workers/ration.h"
#include "engine/workers/tally.h"

#include <boost/asio/steady_timer.hpp>

#include <random>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace afterresume::workers {

// Who met only what others held looks again so soon.
constexpr std::chrono::milliseconds contended_pause{4};

class Worker::Desk : public std::enable_shared_from_this<Desk> {
public:
    Desk(Parts parts, Options options);

    Task<void> open();
    // Until stop(); with the heartbeat three loops that mind each other only through the desk.
    Task<void> claim_loop();
    Task<void> rescue_loop();
    void start_beating();
    void stop_beating() { heart_.reset(); }
    Task<void> stop(std::chrono::milliseconds grace);

    // One commit: writes the outcomes at hand and claims what there is room for. Gives the number
    // claimed.
    Task<std::size_t> turn();
    // The same; 0 says that nothing is ready that nobody else holds.
    Task<std::size_t> thorough_turn();
    // Gives the number of jobs that the database says run here.
    Task<std::size_t> beat();
    // For who runs no heartbeat.
    Task<void> beat_if_due();
    Task<std::size_t> rescue();
    // What ended jobs left to be done beyond their own transaction.
    Task<std::size_t> resolve();

    // Returns when something may have changed: a ring, an outcome, or the time is over.
    Task<void> wait(std::chrono::milliseconds longest);
    // The next claim looks there in any case.
    void ring(const std::optional<jobs::Spot>& where = std::nullopt);
    // The next heartbeat comes at once: its answer lists what was cancelled.
    void beat_soon() {
        if (heart_) heart_->beat_soon();
    }
    // Whether it was rung since the last look.
    bool heard_ring() { return std::exchange(rung_, false); }

    std::size_t running() const { return running_; }
    bool idle() const { return running_ == 0 && outcomes_.empty(); }
    // Whether the last turn may have left something that it had room for.
    bool may_claim_more() const { return more_ && !paused_ && running_ < options_.concurrency; }

    const Parts& parts() const { return parts_; }
    const Options& options() const { return options_; }
    const Uuid& id() const { return lease_->worker(); }

private:
    using AttemptPointer = std::shared_ptr<Attempt>;

    // Outcomes written and jobs claimed that are not on disk yet.
    struct Exchange {
        std::unique_ptr<sql::Tx> tx;
        jobs::Claims claims;
    };
    Task<Exchange> exchange(
        const std::vector<Outcome>& outcomes, const jobs::ClaimRequest& request
    );
    Task<Exchange> exchange_once(
        const std::vector<Outcome>& outcomes, const jobs::ClaimRequest& request
    );
    Task<std::size_t> turn(jobs::ClaimRequest request, const std::vector<Outcome>& outcomes);
    jobs::ClaimRequest next_claim();
    std::vector<AttemptPointer> attempts_of(const std::vector<Outcome>& outcomes) const;
    AttemptPointer begin(jobs::Claimed job);
    Task<void> flush(sql::Tx& tx, const std::vector<AttemptPointer>& begun);
    void abandon(const std::vector<AttemptPointer>& begun);
    void forget(const AttemptPointer& attempt);
    Task<void> attempt(AttemptPointer attempt);
    Task<std::size_t> hear(Beat beat);
    void deliver(const Beat& beat);
    Task<std::size_t> rescue_together(jobs::RescueLimits limits, Timestamp now);
    Task<std::size_t> rescue_each(jobs::RescueLimits limits, Timestamp now);
    Task<std::size_t> rescue_one(
        jobs::Orphan orphan, const jobs::RescueLimits& limits, Timestamp now
    );
    Task<void> return_strangers(std::vector<jobs::Running> running);
    void lose_authority(LeasePointer successor);
    Task<std::size_t> tell_draining();
    Task<std::size_t> hand_back_all();
    Task<std::size_t> sign_off();
    std::chrono::milliseconds jittered(std::chrono::milliseconds time);

    Parts parts_;
    Options options_;
    Tally tally_;
    std::vector<std::string> types_;
    jobs::RetryBudget retries_;
    LeasePointer lease_;
    // When the last beat that was heard of was sent, and when it was heard of.
    jobs::BootTime beaten_{0};
    jobs::BootTime heard_{0};
    // Until their outcome is written.
    std::unordered_map<Uuid, AttemptPointer> attempts_;
    std::vector<Outcome> outcomes_;
    // What the last beat listed and nobody here knows: claimed by a commit whose answer never came.
    std::unordered_set<Uuid> strangers_;
    std::size_t running_ = 0;
    std::size_t rotation_ = 0;
    // Whether the last claim left room, and whether there may be more to claim all the same.
    bool hungry_ = true;
    bool more_ = false;
    Lookout lookout_;
    jobs::Places places_;
    // Where it was told since the last look that there is something.
    std::set<jobs::Spot> told_;
    // What the last turn was told when it asked.
    bool paused_ = false;
    bool stopping_ = false;
    bool rung_ = false;
    bool turning_ = false;
    bool closed_ = false;
    boost::asio::steady_timer wake_;
    boost::asio::steady_timer rescue_timer_;
    // Of looks for the jobs of all that died.
    Ration orphans_{std::chrono::seconds(0), std::chrono::minutes(5)};
    // Jobs whose rescue failed, and until when they are passed by.
    std::unordered_map<Uuid, std::chrono::steady_clock::time_point> unwritable_;
    std::minstd_rand random_;
    std::unique_ptr<Heartbeat> heart_;
};

}  // namespace afterresume::workers
