#include "features/accounts/session_guard.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

namespace afterresume::accounts {

namespace {

constexpr auto believed_for = std::chrono::milliseconds(1000);
constexpr std::size_t most_known = 100'000;

}  // namespace

// The sessions of one look-up, and who waits for it: the timer never fires, it is cancelled.
struct SessionGuard::Batch {
    explicit Batch(const boost::asio::any_io_executor& executor)
        : done(executor, boost::asio::steady_timer::time_point::max()) {}

    std::vector<Id<Session>> ids;
    boost::asio::steady_timer done;
    bool finished = false;
    std::exception_ptr failure;
};

SessionGuard::SessionGuard(sql::Database& database, Repository& accounts)
    : database_(database), accounts_(accounts) {}
SessionGuard::~SessionGuard() = default;

Task<std::optional<LiveSession>> SessionGuard::find(Id<Session> id) {
    auto known = known_.find(id);
    if (known != known_.end() &&
        std::chrono::steady_clock::now() - known->second.read_at < believed_for)
        co_return known->second.session;
    auto executor = co_await boost::asio::this_coro::executor;
    if (!gathering_) gathering_ = std::make_shared<Batch>(executor);
    auto batch = gathering_;
    batch->ids.push_back(id);
    if (!reading_) {
        reading_ = true;
        boost::asio::co_spawn(executor, read_batches(), boost::asio::detached);
    }
    if (!batch->finished) {
        boost::system::error_code cancelled;
        co_await batch->done.async_wait(
            boost::asio::redirect_error(boost::asio::use_awaitable, cancelled)
        );
    }
    if (batch->failure) std::rethrow_exception(batch->failure);
    co_return known_[id].session;
}

void SessionGuard::forget(Id<Session> id) { known_.erase(id); }

Task<void> SessionGuard::read_batches() {
    while (gathering_) {
        auto batch = std::exchange(gathering_, nullptr);
        co_await read(*batch);
    }
    reading_ = false;
}

Task<void> SessionGuard::read(Batch& batch) {
    auto before = std::chrono::steady_clock::now();
    try {
        auto tx = database_.begin_anonymous(sql::Access::read);
        auto live = co_await accounts_.live_sessions(*tx, batch.ids);
        if (known_.size() > most_known) known_.clear();
        for (auto id : batch.ids) known_[id] = Known{std::nullopt, before};
        for (auto& session : live) known_[session.session_id].session = session;
    } catch (...) {
        batch.failure = std::current_exception();
    }
    batch.finished = true;
    batch.done.cancel();
}

}  // namespace afterresume::accounts
