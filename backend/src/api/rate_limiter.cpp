#include "api/rate_limiter.h"

#include "core/error.h"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace afterresume::api {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds pause_after_failure{100};

// For each key: how long it takes for one to run out, and how many fit in; how long it takes until
// all of it that the caller knew has run out; what the caller took already, and how many more it
// asks for. Times are in microseconds by the clock of Redis, which alone counts. A key holds when
// its bucket will be empty, and ends then. A bucket that Redis has forgotten is as its askers know
// it; what they know is less exact than what it has, by a round's time. No clock that was set back
// keeps anybody out for longer than it takes to run out twice. Gives how many more were granted,
// and how long it takes from now on until all has run out.
constexpr std::string_view script = R"lua(
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local answers = {}
for i, key in ipairs(KEYS) do
    local given = (i - 1) * 5
    local each, burst, known = tonumber(ARGV[given + 1]), tonumber(ARGV[given + 2]), tonumber(ARGV[given + 3])
    local taken, asked = tonumber(ARGV[given + 4]), tonumber(ARGV[given + 5])
    local empty_at = tonumber(redis.call('GET', key) or nil)
    local busy = empty_at and math.max(empty_at - now, known - 20000) or known
    busy = math.min(math.max(busy, 0), (2 * burst + 64) * each)
    busy = math.max(0, busy + taken * each)
    local granted = math.max(0, math.min(asked, math.floor(burst - busy / each + 0.000001)))
    busy = busy + granted * each
    if busy >= 1 then
        redis.call('SET', key, string.format('%.0f', now + busy), 'PX', string.format('%.0f', math.ceil(busy / 1000)))
    elseif empty_at then
        redis.call('DEL', key)
    end
    answers[2 * i - 1] = granted
    answers[2 * i] = busy
end
return answers
)lua";

double microseconds_each(const Limit& limit) { return 1e6 / limit.rate; }

}  // namespace

struct RateLimiter::Round {
    struct Entry {
        Named* named;
        std::int64_t asked = 0;
        std::int64_t granted = 0;
        // Of those who asked, who had no patience any more.
        std::int64_t left = 0;
    };

    Round(const asio::any_io_executor& executor, std::chrono::milliseconds patience)
        : done(executor, patience) {}

    std::vector<Entry> entries;
    bool answered = false;
    bool over = false;
    // Ends the waiting: cancelled when it is over, else when nobody has patience any more.
    asio::steady_timer done;
};

Task<Allowance> RateLimiter::take(std::string name, Limit limit) {
    auto& named = buckets_.open(name, limit, now_());
    auto& bucket = named.second;
    if (!bucket.has_room()) co_return bucket.allowance(false);
    if (shared_ && trusted_ && bucket.rounds > 0) co_return co_await ask(named);
    bucket.fill(1);
    auto allowance = bucket.allowance(true);
    if (shared_) co_await tell(named, 1);
    co_return allowance;
}

Task<void> RateLimiter::give_back(std::string name) {
    auto* named = buckets_.find(name);
    if (named == nullptr) co_return;
    named->second.fill(-1);
    if (shared_) co_await tell(*named, -1);
}

// Without trust there is a round now and then, to find out; what is taken meanwhile is told by what
// the node knows of the bucket.
Task<void> RateLimiter::tell(Named& named, std::int64_t count) {
    auto& bucket = named.second;
    auto tries = trusted_ || (!running_ && now_() >= next_try_);
    if (!tries && bucket.rounds == 0) co_return;
    bucket.untold += count;
    if (tries) gather(named, co_await asio::this_coro::executor);
}

Task<Allowance> RateLimiter::ask(Named& named) {
    gather(named, co_await asio::this_coro::executor);
    auto round = gathering_;
    auto place = named.second.place;
    auto turn = round->entries[static_cast<std::size_t>(place)].asked++;
    auto name = named.first;
    auto limit = named.second.limit;
    boost::system::error_code ignored;
    co_await round->done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    auto& bucket = buckets_.open(name, limit, now_()).second;
    if (round->answered) {
        const auto& entry = round->entries[static_cast<std::size_t>(place)];
        co_return bucket.allowance(turn < entry.granted);
    }
    if (!round->over) {
        round->entries[static_cast<std::size_t>(place)].left += 1;
        set_trust(false);
    }
    auto allowed = bucket.has_room();
    if (allowed) {
        bucket.fill(1);
        if (bucket.rounds > 0) bucket.untold += 1;
    }
    co_return bucket.allowance(allowed);
}

RateLimiter::Round& RateLimiter::gather(Named& named, const asio::any_io_executor& executor) {
    if (!gathering_) gathering_ = std::make_shared<Round>(executor, shared_->patience);
    if (named.second.place < 0) {
        named.second.place = static_cast<std::ptrdiff_t>(gathering_->entries.size());
        named.second.rounds += 1;
        gathering_->entries.push_back({&named});
    }
    if (!running_) {
        running_ = true;
        asio::co_spawn(executor, run_rounds(), asio::detached);
    }
    return *gathering_;
}

Task<void> RateLimiter::run_rounds() {
    auto executor = co_await asio::this_coro::executor;
    // What else comes in this turn of the I/O thread goes along.
    co_await asio::post(executor, asio::use_awaitable);
    while (gathering_) {
        auto round = std::exchange(gathering_, nullptr);
        auto answered = co_await run_round(*round);
        if (!answered) fail(*round);
        if (!answered && gathering_) fail(*std::exchange(gathering_, nullptr));
        for (auto& entry : round->entries) {
            if (answered && entry.named->second.untold != 0) gather(*entry.named, executor);
        }
    }
    running_ = false;
}

// Whether Redis answered.
Task<bool> RateLimiter::run_round(Round& round) {
    auto sent_at = now_();
    redis::Command command{"EVAL", std::string(script), std::to_string(round.entries.size())};
    for (const auto& entry : round.entries) command.push_back("limit:" + entry.named->first);
    for (const auto& entry : round.entries) {
        auto& bucket = entry.named->second;
        bucket.run_out(sent_at);
        auto each = microseconds_each(bucket.limit);
        auto known = std::max(0.0, bucket.level - static_cast<double>(bucket.untold));
        command.push_back(fmt::format("{:.6f}", each));
        command.push_back(fmt::format("{:.0f}", bucket.limit.burst));
        command.push_back(fmt::format("{:.0f}", known * each));
        command.push_back(std::to_string(bucket.untold));
        command.push_back(std::to_string(entry.asked));
        bucket.untold = 0;
        bucket.place = -1;
    }
    try {
        auto answer = co_await shared_->redis.call(std::move(command));
        if (answer.items.size() != 2 * round.entries.size()) co_return false;
        learn(round, answer, sent_at);
    } catch (const Error&) {
        co_return false;
    }
    set_trust(now_() - sent_at <= shared_->patience);
    co_return true;
}

void RateLimiter::learn(Round& round, const redis::Value& answer, Time sent_at) {
    for (std::size_t i = 0; i < round.entries.size(); ++i) {
        auto& entry = round.entries[i];
        auto& bucket = entry.named->second;
        entry.granted = answer.items[2 * i].integer;
        auto busy = static_cast<double>(answer.items[2 * i + 1].integer);
        bucket.level = busy / microseconds_each(bucket.limit);
        bucket.at = sent_at;
        bucket.untold -= std::min(entry.left, entry.granted);
        bucket.fill(bucket.untold);
        bucket.rounds -= 1;
    }
    round.answered = true;
    round.over = true;
    round.done.cancel();
}

// What was to be told is known here, and told with the rest when Redis is back.
void RateLimiter::fail(Round& round) {
    for (auto& entry : round.entries) {
        auto& bucket = entry.named->second;
        bucket.untold = 0;
        bucket.place = -1;
        bucket.rounds -= 1;
    }
    round.over = true;
    round.done.cancel();
    next_try_ = now_() + pause_after_failure;
    set_trust(false);
}

void RateLimiter::set_trust(bool trusted) {
    if (trusted_ == trusted) return;
    trusted_ = trusted;
    if (trusted) {
        shared_->log.info("limits", "limits hold over all nodes");
    } else {
        shared_->log.warning("limits", "Redis does not answer in time: each node limits by itself");
    }
}

}  // namespace afterresume::api
