#include "engine/workers/heartbeat.h"

#include "engine/workers/loop.h"
#include "engine/workers/ration.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <unistd.h>

#include <algorithm>
#include <atomic>

namespace afterresume::workers {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

void register_worker(
    sql::Tx& tx, const jobs::Lease& lease, const Options& options, const Clock& clock
) {
    JsonObject info{
        {"process", static_cast<std::int64_t>(getpid())}, {"concurrency", options.concurrency}
    };
    jobs::register_worker(tx, lease.worker(), options.lease, std::move(info), clock.now());
}

// A SQLite database has one process, which holds its lock as long as it lives: nobody else can take
// its jobs, however late it beats.
void renew(
    jobs::Lease& lease, const sql::Database& database, const Options& options, jobs::BootTime sent
) {
    auto alone = database.dialect() == sql::Dialect::sqlite;
    lease.renew(alone ? jobs::BootTime::max() : sent + options.lease - options.margin);
}

}  // namespace

Task<void> enlist(
    sql::Database& database, LeasePointer lease, const Options& options, const Clock& clock
) {
    auto before = jobs::boot_time_now();
    auto tx = database.begin_engine(sql::Access::write);
    register_worker(*tx, *lease, options, clock);
    co_await tx->commit();
    renew(*lease, database, options, before);
}

Task<Beat> send_beat(
    sql::Database& database, LeasePointer lease, const Options& options, const Clock& clock,
    bool for_all
) {
    Beat beat{lease, jobs::boot_time_now(), {}, for_all, nullptr};
    std::optional<std::vector<jobs::JobId>> held;
    if (!for_all) held = lease->held();
    auto tx = database.begin_engine(sql::Access::write);
    auto running =
        co_await jobs::beat(*tx, lease->worker(), options.lease, std::move(held), clock.now());
    if (!running) {
        lease->end();
        beat.successor = std::make_shared<jobs::Lease>(Uuid::random());
        register_worker(*tx, *beat.successor, options, clock);
    }
    co_await tx->commit();
    renew(running ? *lease : *beat.successor, database, options, beat.sent);
    if (running) beat.running = std::move(*running);
    co_return beat;
}

namespace {

// Whether the thread that runs the jobs still turns.
class Pulse {
public:
    explicit Pulse(asio::io_context& io) : io_(io), felt_(std::make_shared<Felt>()) {}

    // Feels for it; how long it has been silent by now.
    std::chrono::steady_clock::duration feel() {
        if (!felt_->asked.exchange(true)) {
            asio::post(io_, [felt = felt_] {
                felt->last = std::chrono::steady_clock::now();
                felt->asked = false;
            });
        }
        return std::chrono::steady_clock::now() - felt_->last.load();
    }

private:
    struct Felt {
        std::atomic<std::chrono::steady_clock::time_point> last = std::chrono::steady_clock::now();
        std::atomic<bool> asked = false;
    };

    asio::io_context& io_;
    std::shared_ptr<Felt> felt_;
};

}  // namespace

// Kept by the beat that is under way; all on the thread of the io_context.
class Heartbeat::Loop : public std::enable_shared_from_this<Loop> {
public:
    Loop(
        asio::io_context& io, sql::Database& database, const Parts& parts, const Options& options,
        LeasePointer lease, Heard heard
    )
        : io_(io),
          database_(database),
          clock_(parts.clock),
          log_(parts.log),
          options_(options),
          lease_(std::move(lease)),
          heard_(std::move(heard)),
          timer_(io),
          pulse_(parts.io) {}

    Task<void> run() {
        auto self = shared_from_this();
        auto pause = options_.beat;
        while (!stopped_) {
            if (!std::exchange(soon_, false)) co_await sleep(timer_, pause);
            soon_ = false;
            if (stopped_) break;
            auto beaten = co_await guarded(log_, "the heartbeat", beat());
            pause = beaten ? options_.beat : std::min<std::chrono::milliseconds>(options_.beat, 1s);
        }
    }
    void beat_soon() {
        asio::post(io_, [self = shared_from_this()] {
            self->soon_ = true;
            self->timer_.cancel();
        });
    }
    void ask_for_all() {
        asio::post(io_, [self = shared_from_this()] { self->asked_for_all_ = 2; });
    }
    void stop() {
        stopped_ = true;
        timer_.cancel();
    }

private:
    Task<std::size_t> beat() {
        if (is_silent()) co_return 0;
        auto begun = std::chrono::steady_clock::now();
        auto asked = asked_for_all_;
        auto for_all = asked > 0 || whole_.is_due(begun);
        auto beat = co_await send_beat(database_, lease_, options_, clock_, for_all);
        if (for_all) whole_.took(begun, std::chrono::steady_clock::now());
        if (asked > 0 && asked_for_all_ == asked) --asked_for_all_;
        if (stopped_) co_return 0;
        if (beat.successor) lease_ = beat.successor;
        heard_(std::move(beat));
        co_return 1;
    }

    bool is_silent() {
        auto silent = pulse_.feel() > options_.longest_silence;
        if (silent && !told_) {
            log_.error(
                "worker",
                "the thread that runs the jobs has not turned for {} ms: others may take them",
                options_.longest_silence.count()
            );
        }
        return told_ = silent;
    }

    asio::io_context& io_;
    sql::Database& database_;
    const Clock& clock_;
    observability::Log& log_;
    const Options options_;
    LeasePointer lease_;
    Heard heard_;
    asio::steady_timer timer_;
    // Of beats that ask for all, though nothing is known to have failed.
    Ration whole_{0s, 5min};
    int asked_for_all_ = 0;
    Pulse pulse_;
    bool told_ = false;
    bool soon_ = false;
    bool stopped_ = false;
};

Heartbeat::Heartbeat(const Parts& parts, const Options& options, LeasePointer lease, Heard heard) {
    if (parts.open_for_beat) {
        io_ = std::make_unique<asio::io_context>(1);
        database_ = parts.open_for_beat(*io_);
    }
    auto& io = io_ ? *io_ : parts.io;
    auto& database = database_ ? *database_ : parts.database;
    loop_ =
        std::make_shared<Loop>(io, database, parts, options, std::move(lease), std::move(heard));
    asio::co_spawn(io, loop_->run(), asio::detached);
    if (io_) thread_ = std::thread([this] { io_->run(); });
}

Heartbeat::~Heartbeat() {
    if (!io_) {
        loop_->stop();
    } else {
        io_->stop();
        thread_.join();
    }
}

void Heartbeat::beat_soon() { loop_->beat_soon(); }
void Heartbeat::ask_for_all() { loop_->ask_for_all(); }

}  // namespace afterresume::workers
